/** The parts that a URL is joined from. */
export const URL_PARTS = ['scheme', 'opaque', 'userinfo', 'host', 'path', 'query', 'fragment'] as const;

/** The parts of a URL by name as Go's url.Parse finds them, escapes in path and fragment resolved; or what is wrong. */
export function parseUrl(text: string): ReadonlyMap<string, string> | string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'it contains a control character';
  const [beforeFragment = '', fragment = ''] = splitOnce(text, '#');
  const [beforeQuery = '', query = ''] = splitOnce(beforeFragment, '?');
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(beforeQuery)?.[1];
  const rest = scheme === undefined ? beforeQuery : beforeQuery.slice(scheme.length + 1);
  if (scheme === undefined && beforeQuery.startsWith(':')) return 'its scheme is missing';
  if (scheme !== undefined && !rest.startsWith('/')) {
    return parts({ scheme, opaque: rest, query, fragment: withoutEscapes(fragment) });
  }
  if (scheme === undefined && /^[^/]*:/.test(rest)) return 'the first part of its path has a colon';
  const authority =
    rest.startsWith('//') && (scheme !== undefined || !rest.startsWith('///'))
      ? (/^\/\/([^/]*)/.exec(rest)?.[1] ?? '')
      : undefined;
  const rawPath = authority === undefined ? rest : rest.slice(2 + authority.length);
  return withAuthority(
    { scheme, query, fragment: withoutEscapes(fragment), path: withoutEscapes(rawPath) },
    authority ?? '',
  );
}

/** A URL from its parts, escaped where needed. */
export function urlText(from: ReadonlyMap<string, string>): string {
  const part = (name: (typeof URL_PARTS)[number]): string => from.get(name) ?? '';
  const scheme = part('scheme') === '' ? '' : `${part('scheme')}:`;
  const tail = `${part('query') === '' ? '' : `?${part('query')}`}${part('fragment') === '' ? '' : `#${escaped(part('fragment'), /[\w.~$&+,/:;=?@!()*'-]/)}`}`;
  if (part('opaque') !== '') return `${scheme}${part('opaque')}${tail}`;
  const userinfo = part('userinfo') === '' ? '' : `${escaped(part('userinfo'), /[\w.~$&+,;=:!*'()-]/)}@`;
  const needsSlashes = scheme !== '' || part('host') !== '' || userinfo !== '';
  const hasAuthority = part('host') !== '' || part('path') !== '' || userinfo !== '';
  const host = needsSlashes && hasAuthority ? `//${userinfo}${part('host')}` : '';
  const path = escaped(part('path'), /[\w.~$&+,/:;=@!'()*-]/);
  return `${scheme}${host}${path !== '' && !path.startsWith('/') && part('host') !== '' ? '/' : ''}${path}${tail}`;
}

interface Found {
  readonly scheme: string | undefined;
  readonly opaque?: string;
  readonly userinfo?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly path?: string | undefined;
  readonly query: string;
  readonly fragment: string | undefined;
}

function withAuthority(found: Found, authority: string): ReadonlyMap<string, string> | string {
  const at = authority.lastIndexOf('@');
  const userinfo = at < 0 ? '' : authority.slice(0, at);
  const host = authority.slice(at + 1);
  if (!/^(?:\[[^\]]*\]|[^:\s]*)(?::\d*)?$/.test(host)) return 'its host or port is not valid';
  if (!/^[\w.~!$&'()*+,;=:%@-]*$/.test(userinfo)) return 'its user information is not valid';
  const hostname = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  return parts({ ...found, userinfo, host, hostname });
}

function parts(found: Found): ReadonlyMap<string, string> | string {
  if (found.fragment === undefined || ('path' in found && found.path === undefined))
    return 'it has an escape that is not valid';
  const { scheme = '', opaque = '', userinfo = '', host = '', hostname = '', path = '', query, fragment } = found;
  return new Map(
    Object.entries({ scheme: scheme.toLowerCase(), opaque, userinfo, host, hostname, path, query, fragment }),
  );
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Resolves %XX; undefined when a percent sign is not followed by two hexadecimal digits. */
function withoutEscapes(text: string): string | undefined {
  if (/%(?![\da-fA-F]{2})/.test(text)) return undefined;
  if (!text.includes('%')) return text;
  const bytes: Buffer[] = text
    .split(/(%[\da-fA-F]{2})/)
    .map((piece) => (piece.startsWith('%') ? Buffer.from(piece.slice(1), 'hex') : Buffer.from(piece)));
  return Buffer.concat(bytes).toString();
}

function escaped(text: string, plain: RegExp): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    return byte < 0x80 && plain.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
