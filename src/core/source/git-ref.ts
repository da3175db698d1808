/** What a user may write behind the `#` of a repository, and what git is asked for then (reference, section 6.5). */

/** A ref as it was written. */
export type GitRef =
  /** All 40 or 64 digits. */
  | { readonly kind: 'commit'; readonly id: string }
  /** A name; when the repository has none of that name it may be the beginning of a commit id. */
  | { readonly kind: 'name'; readonly name: string; readonly maybeCommit: boolean }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

const HINT = 'Write a branch, a tag, a commit id, pull/N/head or pull/N/merge.';

/** Reads a ref. What git forbids in names is refused, and what it would take for an option or a pattern. */
export function parseGitRef(text: string): GitRef {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return { kind: 'commit', id: text.toLowerCase() };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const isOdd = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/+]|[/.]$|\.lock(?:\/|$)|(?:^|\/)\.|^@?$/.test(text);
  if (isOdd) return { kind: 'wrong', message: `"${text}" is no name that git takes for a branch or tag.`, hint: HINT };
  // Servers keep pull requests below refs/, and git completes names there by itself.
  return { kind: 'name', name: text, maybeCommit: /^[0-9a-f]{7,63}$/i.test(text) };
}

/** What `FETCH_HEAD` says of the one thing that was fetched. `branch` is empty for tags and for refs of pull requests. */
export function readFetchHead(text: string): { readonly commit: string; readonly branch: string } | undefined {
  const [, commit, rest = ''] = /^([0-9a-f]{40,64})\t[^\t]*\t(.*)/.exec(text) ?? [];
  if (commit === undefined) return undefined;
  return { commit, branch: /^branch '(.*)' of /.exec(rest)?.[1] ?? '' };
}

/** The default branch in what `git ls-remote --symref … HEAD` prints; undefined: none is known. */
export function readDefaultBranch(text: string): string | undefined {
  return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(text)?.[1];
}
