/** What git is told to fetch from: an address of an allowed protocol, apart from the login that was written into it. */
import type { Login } from './credentials.ts';

/** An address git may be given; it has no password or token in it. `wrong` shows none either. */
export type GitAddress =
  | { readonly kind: 'http'; readonly url: URL; readonly login: Login | undefined }
  /** `host` is without port and user; `origin` is `ssh://HOST[:PORT]`. */
  | { readonly kind: 'ssh'; readonly address: string; readonly host: string; readonly origin: string }
  | { readonly kind: 'git'; readonly address: string; readonly host: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

const SCP = /^([A-Za-z0-9_][A-Za-z0-9_.-]*)@([A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)(.+)$/;
const USE = 'Use https://HOST/PATH.git, ssh://git@HOST/PATH, git@HOST:PATH or git://HOST/PATH.';

/** Takes an address apart. Other protocols are refused: `ext::` runs commands, `file:` reads the worker's disk. */
export function parseGitAddress(text: string): GitAddress {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u0020\u007f]/.test(text)) return wrong(`The repository "${shownAddress(text)}" has blanks in it.`);
  const scp = SCP.exec(text);
  if (scp !== null) {
    const [, , host = '', path = ''] = scp;
    if (path.startsWith('-')) return wrong(`The repository "${text}" has a path that begins with "-".`);
    return { kind: 'ssh', address: text, host, origin: `ssh://${host.toLowerCase()}` };
  }
  if (!/^(?:https?|ssh|git):\/\//i.test(text) || !URL.canParse(text)) {
    return wrong(`The repository "${shownAddress(text)}" has an address that is not fetched.`);
  }
  const url = new URL(text);
  url.hash = '';
  if (url.search !== '') {
    const hint = 'Leave it out; a token belongs into SLIPWAY_SOURCE_CREDENTIALS of the workers.';
    return { kind: 'wrong', message: `The repository "${shownAddress(text)}" is given with a query.`, hint };
  }
  return url.protocol === 'http:' || url.protocol === 'https:' ? httpAddress(url) : otherAddress(url, text);
}

/** The user info of a URL as a login; a lone name is a token, as in the reference (section 6.5). The URL loses it. */
export function takeLogin(url: URL): Login | undefined {
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '' && password === '') return undefined;
  if (password === '') return { username: 'dummy', token: decoded(username) };
  return { username: decoded(username), token: decoded(password) };
}

/** An address for messages: without user info, and without a query, which may be a key. */
export function shownAddress(text: string): string {
  return text.replace(/\/\/[^/?#]*@/, '//').replace(/\?[^#]*/, '?…');
}

function httpAddress(url: URL): GitAddress {
  const login = takeLogin(url);
  if (/[\r\n]/.test(`${login?.token}${login?.username}`))
    return wrong('The user of the repository has a line end in it.');
  return { kind: 'http', url, login };
}

function otherAddress(url: URL, text: string): GitAddress {
  const shown = shownAddress(text);
  if (url.password !== '') {
    const hint = 'Leave it out: ssh signs in with a key that the worker knows, git:// not at all.';
    return { kind: 'wrong', message: `The repository "${shown}" is given with a password.`, hint };
  }
  // What ssh is given as a name must not look like an option.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!/^[A-Za-z0-9][A-Za-z0-9.:-]*$/.test(host) || /^-/.test(url.username)) {
    return wrong(`The repository "${shown}" has no valid host.`);
  }
  if (url.protocol === 'git:') {
    if (url.username !== '') return wrong(`The repository "${shown}" is given with a user, which git:// has not.`);
    return { kind: 'git', address: url.href, host };
  }
  const port = url.port === '' || url.port === '22' ? '' : `:${url.port}`;
  return { kind: 'ssh', address: url.href, host, origin: `ssh://${url.hostname.toLowerCase()}${port}` };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function wrong(message: string): GitAddress {
  return { kind: 'wrong', message, hint: USE };
}
