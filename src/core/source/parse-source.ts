/** A context as a user writes it, as a source that can be fetched: what is secret in it comes apart from it. */
import type { Diagnostic, Source } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import { parseImageReference } from '../image-reference.ts';
import { classifySource, type SourceUrl } from '../source-url.ts';
import type { Login } from './credentials.ts';
import { parseGitAddress, shownAddress, takeLogin } from './git-address.ts';
import { parseGitRef } from './git-ref.ts';

/** A source that is fetched from elsewhere. */
export type RemoteSource = Extract<Source, { kind: 'git' | 'archive' | 'oci' }>;

/** What a context text means. A `login` that stood in it is for its host alone; no message shows it. */
export type ParsedSource =
  | { readonly kind: 'remote'; readonly source: RemoteSource; readonly login?: Login }
  | { readonly kind: 'folder' }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

/**
 * Reads a context text (reference, section 6.5). Besides what is a source there, `ssh://` is git; other protocols are
 * wrong rather than folders.
 */
export function parseSource(text: string): ParsedSource {
  const found = /^ssh:\/\//i.test(text) ? splitSsh(text) : classifySource(text);
  switch (found.kind) {
    case 'git':
      return gitSource(found);
    case 'archive':
      return archiveSource(found.url);
    case 'oci':
      return checked({ kind: 'oci', reference: found.reference });
    case 'local':
      return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
        ? { kind: 'wrong', message: `"${shownAddress(text)}" is of a kind that is not fetched.`, hint: KINDS }
        : { kind: 'folder' };
  }
}

const KINDS =
  'Use a folder, or https://HOST/PATH.git#REF:FOLDER, the https URL of a tar archive, or oci://HOST/NAME:TAG.';

/** What is wrong with a source that came from outside; empty: nothing. Sources are stored, so none may hold a secret. */
export function sourceMistakes(source: Source): readonly Diagnostic[] {
  if (source.kind === 'upload' || source.kind === 'none') return [];
  const parsed =
    source.kind === 'git'
      ? gitMistake(source)
      : source.kind === 'archive'
        ? archiveSource(source.url)
        : checked(source);
  if (parsed === undefined) return [];
  if (parsed.kind === 'wrong') return [plainError('source-invalid', parsed.message, parsed.hint)];
  return parsed.kind === 'remote' && parsed.login !== undefined ? [withSecret(parsed.source)] : [];
}

/** A source in messages and logs: without anything that may be secret. */
export function shownSource(source: RemoteSource): string {
  switch (source.kind) {
    case 'git': {
      const { ref = '', directory } = source;
      const fragment = directory === undefined ? ref : `${ref}:${directory}`;
      return shownAddress(source.repository) + (fragment === '' ? '' : `#${fragment}`);
    }
    case 'archive':
      return shownAddress(source.url);
    case 'oci':
      return `oci://${source.reference}`;
  }
}

/** The context of a build in what others read: a folder as it is, a source without anything that may be secret. */
export function shownContext(text: string): string {
  const parsed = parseSource(text);
  switch (parsed.kind) {
    case 'remote':
      return shownSource(parsed.source);
    case 'folder':
      return text;
    case 'wrong':
      return shownAddress(text);
  }
}

function splitSsh(text: string): Extract<SourceUrl, { kind: 'git' }> {
  // The classification of the reference does the splitting; the protocol means nothing to it.
  const split = classifySource(text.replace(/^ssh:/i, 'git:'));
  if (split.kind !== 'git') throw new Error(`Internal error: ${text} is no address of git.`);
  return { ...split, repository: split.repository.replace(/^git:/, 'ssh:') };
}

function gitSource({ repository, ref, directory }: Extract<SourceUrl, { kind: 'git' }>): ParsedSource {
  const address = parseGitAddress(repository);
  if (address.kind === 'wrong') return address;
  const plain = address.kind === 'http' ? address.url.href : repository;
  const source = {
    kind: 'git' as const,
    repository: plain,
    ...(ref === undefined ? {} : { ref }),
    ...(directory === '.' ? {} : { directory }),
  };
  const mistake = gitMistake(source);
  if (mistake?.kind === 'wrong') return mistake;
  return { kind: 'remote', source, ...(address.kind === 'http' && address.login ? { login: address.login } : {}) };
}

function gitMistake(source: Extract<Source, { kind: 'git' }>): ParsedSource | undefined {
  const address = parseGitAddress(source.repository);
  if (address.kind === 'wrong') return address;
  const ref = source.ref === undefined ? undefined : parseGitRef(source.ref);
  if (ref?.kind === 'wrong') return ref;
  if (source.directory !== undefined && /^\/|(?:^|\/)\.\.(?:\/|$)|\0/.test(source.directory)) {
    const message = `The folder "${source.directory}" does not lie in the repository.`;
    return { kind: 'wrong', message, hint: 'Give a path from the root of the repository, without "..".' };
  }
  return address.kind === 'http' && address.login !== undefined
    ? { kind: 'remote', source, login: address.login }
    : undefined;
}

function archiveSource(text: string): ParsedSource {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    return { kind: 'wrong', message: `"${shownAddress(text)}" is no valid http(s) URL.`, hint: KINDS };
  }
  const url = new URL(text);
  url.hash = '';
  const login = takeLogin(url);
  return { kind: 'remote', source: { kind: 'archive', url: url.href }, ...(login === undefined ? {} : { login }) };
}

function checked(source: Extract<Source, { kind: 'oci' }>): ParsedSource {
  const host = source.reference.split('/')[0] ?? '';
  const parsed = parseImageReference(source.reference);
  if (host.includes('@')) {
    const hint = 'Leave it out: workers know the credentials of registries.';
    return { kind: 'wrong', message: 'The artifact is given with a user before its host.', hint };
  }
  if (parsed.kind === 'valid' && source.reference.includes('/')) return { kind: 'remote', source };
  const message = `"oci://${source.reference}" names no artifact of a registry.`;
  return { kind: 'wrong', message, hint: 'Write oci://HOST/NAME:TAG or oci://HOST/NAME@sha256:….' };
}

/** The error about a source in whose address a login stands: it would be stored. */
export function withSecret(source: RemoteSource): Diagnostic {
  const shown = shownSource(source);
  return plainError(
    'source-has-secret',
    `The address of ${shown} has a user or token in it, which everybody who may see the run would read.`,
    'Leave it out, and put the token into SLIPWAY_SOURCE_CREDENTIALS of the workers.',
  );
}
