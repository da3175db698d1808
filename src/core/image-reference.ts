/**
 * Image references, read as Docker reads them: the grammar of the distribution project plus the rule by which a first
 * part counts as a registry host (it has a dot or a colon, or is `localhost`). Newer Dockers also take a first part with
 * upper-case letters as a host; here that is the mistake that it nearly always is.
 *
 *   reference = [ host [":" port] "/" ] path [ ":" tag ] [ "@" digest ]
 */

/** The registry that a name without a host means. */
export const DOCKER_HUB = 'docker.io';

/** A reference in full: `domain` and the whole `path` (`library/node`) are always there. */
export interface ImageReference {
  readonly domain: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** What `parseImageReference` gives; `hint` says how to put it right. */
export type ParsedImageReference =
  | ({ readonly kind: 'valid' } & ImageReference)
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string };

const HOST =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST_LENGTHS = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
const MAX_PATH = 255;

/** Reads a reference such as `node`, `localhost:5000/a/b:1` or `a@sha256:…`. */
export function parseImageReference(text: string): ParsedImageReference {
  const surface = checkSurface(text);
  if (surface !== undefined) return surface;
  const [named = '', digest] = splitOnce(text, '@');
  const { domain, rest } = splitDomain(named);
  const [path = '', tag] = splitOnce(rest, ':');
  const problem = checkDomain(domain) ?? checkPath(path, text) ?? checkTag(tag) ?? checkDigest(digest);
  if (problem !== undefined) return problem;
  return {
    kind: 'valid',
    ...normalise(domain, path),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The reference in full: `docker.io/library/node:16`. */
export function formatReference(reference: ImageReference): string {
  return `${reference.domain}/${reference.path}${suffix(reference)}`;
}

/** The reference as people write it: `node:16` instead of `docker.io/library/node:16`. */
export function familiarReference(reference: ImageReference): string {
  if (reference.domain !== DOCKER_HUB) return formatReference(reference);
  return reference.path.replace(/^library\/(?=[^/]+$)/, '') + suffix(reference);
}

/** The reference with the tag `latest` when it has neither a tag nor a digest. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
}

function suffix({ tag, digest }: ImageReference): string {
  return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function splitDomain(named: string): { readonly domain: string | undefined; readonly rest: string } {
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? { domain: first, rest: named.slice(slash + 1) } : { domain: undefined, rest: named };
}

/** Docker Hub has two host names, and its one-part paths belong to the user `library`. */
function normalise(domain: string | undefined, path: string): Pick<ImageReference, 'domain' | 'path'> {
  if (domain !== undefined && domain !== DOCKER_HUB && domain !== 'index.docker.io') return { domain, path };
  return { domain: DOCKER_HUB, path: path.includes('/') ? path : `library/${path}` };
}

function checkSurface(text: string): ParsedImageReference | undefined {
  if (text === '')
    return invalid('The image name is empty', 'Write a name such as node:20 or registry.example.com/app:1.');
  const blank = /\s/.exec(text);
  if (blank !== null)
    return invalid(`"${text}" has white space in it`, 'An image name has no blanks; check the quotes.');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return invalid(`"${text}" is a URL, not an image name`, `Leave out the scheme: ${text.replace(/^[^/]*\/\//, '')}`);
  }
  if (/^[a-f0-9]{64}$/.test(text)) {
    return invalid(`"${text}" reads like an image id, not a name`, 'Give the image a name, with a tag if you like.');
  }
  return undefined;
}

function checkDomain(domain: string | undefined): ParsedImageReference | undefined {
  if (domain === undefined || HOST.test(domain)) return undefined;
  const hint = 'A registry host is made of letters, digits, dots and hyphens, with an optional :port.';
  return invalid(`"${domain}" is not a registry host`, hint);
}

function checkPath(path: string, text: string): ParsedImageReference | undefined {
  if (path === '')
    return invalid(`"${text}" has no image name`, 'Write the name after the registry host, as in host/app:1.');
  if (path !== path.toLowerCase()) {
    return invalid(
      `The image name "${path}" has upper-case letters`,
      `Image names are lower case: ${path.toLowerCase()}`,
    );
  }
  const bad = path.split('/').find((part) => !PATH_PART.test(part));
  if (bad !== undefined) {
    const shown = bad === '' ? 'an empty part' : `the part "${bad}"`;
    const hint =
      'Parts between slashes are letters and digits, with single dots, one or two underscores or hyphens between them.';
    return invalid(`The image name "${path}" has ${shown}, which is not allowed`, hint);
  }
  if (path.length <= MAX_PATH) return undefined;
  return invalid(
    `The image name is ${path.length} characters long`,
    `At most ${MAX_PATH} are allowed, not counting the host and the tag.`,
  );
}

function checkTag(tag: string | undefined): ParsedImageReference | undefined {
  if (tag === undefined || TAG.test(tag)) return undefined;
  if (tag === '')
    return invalid('The tag after the colon is empty', 'Write a tag after the colon, or leave the colon out.');
  if (tag.length > 128) return invalid(`The tag is ${tag.length} characters long`, 'A tag has at most 128 characters.');
  return invalid(
    `"${tag}" is not a tag`,
    'A tag is made of letters, digits, underscores, dots and hyphens, and does not begin with a dot or hyphen.',
  );
}

function checkDigest(digest: string | undefined): ParsedImageReference | undefined {
  if (digest === undefined) return undefined;
  const [algorithm = '', hex = ''] = splitOnce(digest, ':');
  const length = DIGEST_LENGTHS.get(algorithm);
  if (length !== undefined && hex.length === length && /^[a-f0-9]+$/.test(hex)) return undefined;
  return invalid(`"${digest}" is not a digest`, 'A digest is sha256: and 64 hexadecimal digits in lower case.');
}

function invalid(reason: string, hint: string): ParsedImageReference {
  return { kind: 'invalid', reason, hint };
}
