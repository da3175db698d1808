/** What a context text means: a folder, a git repository, an archive to download or an artifact of a registry. */

/** A context as classified by its text alone (reference, section 6.5). */
export type SourceUrl =
  | { readonly kind: 'local'; readonly path: string }
  | {
      readonly kind: 'git';
      /** What git fetches from, without the fragment. */
      readonly repository: string;
      /** Branch, tag or commit; absent: what the server offers. */
      readonly ref?: string;
      /** Folder of the repository that is the context; `.` is all of it. */
      readonly directory: string;
      /** Azure DevOps addresses do not end in `.git`, and Docker does not know them as repositories. */
      readonly isAzureDevOps: boolean;
    }
  | { readonly kind: 'archive'; readonly url: string }
  | { readonly kind: 'oci'; readonly reference: string };

/** Only the host and the last part of a path are in any case here, as in the reference; `HTTPS://` is no URL to it. */
const HTTP = /^https?:\/\//;
const GIT_ENDING = /\.git(?:#.+)?$/;
const GIT_START = /^(?:git:\/\/|git@|github\.com\/)/;
const DEV_OPS =
  /^https:\/\/(?:[^/?#]*@)?(?:dev\.azure\.com(?::\d+)?|[^/?#@:]+\.visualstudio\.com)\/([^?#]*)\??(?:#|$)/i;
const OCI = /^oci:\/\//i;

/** Classifies a context text; nothing is trimmed, and whatever is nothing else is a path. */
export function classifySource(text: string): SourceUrl {
  const isAzureDevOps = `/${DEV_OPS.exec(text)?.[1] ?? ''}`.toLowerCase().includes('/_git/');
  const isHttp = HTTP.test(text);
  if (isAzureDevOps || GIT_START.test(text) || (isHttp && GIT_ENDING.test(text))) return gitSource(text, isAzureDevOps);
  if (isHttp) return { kind: 'archive', url: text };
  if (OCI.test(text)) return { kind: 'oci', reference: text.replace(OCI, '') };
  return { kind: 'local', path: text };
}

/** The fragment is `ref`, `ref:directory` or `:directory`. */
function gitSource(text: string, isAzureDevOps: boolean): SourceUrl {
  const [, address = '', fragment = ''] = /^([^#]*)#?([\s\S]*)$/.exec(text) ?? [];
  const [, ref = '', directory = ''] = /^([^:]*):?([\s\S]*)$/.exec(fragment) ?? [];
  return {
    kind: 'git',
    repository: address.startsWith('github.com/') ? `https://${address}` : address,
    ...(ref === '' ? {} : { ref }),
    directory: directory === '' ? '.' : directory,
    isAzureDevOps,
  };
}
