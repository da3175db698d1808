import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { basicAuthorization, type Login, loginFor, type SourceCredentials } from '../../core/source/credentials.ts';
import { type GitAddress, parseGitAddress, shownAddress } from '../../core/source/git-address.ts';
import { type AddressCheck, forbiddenHost, resolveByName } from '../../net/guard.ts';
import type { HttpAnswer, HttpGetter } from '../../ports/http-getter.ts';
import type { GitAccess } from './environment.ts';
import { UnusableRepository } from './unusable.ts';

/** What reaching repositories needs. */
export interface ReachDeps {
  readonly http: HttpGetter;
  readonly credentials: SourceCredentials;
  readonly check: AddressCheck;
}

/** A repository that can be asked now. `release` removes the key that was written for it. */
export interface Reached {
  readonly access: GitAccess;
  /** What git is given. */
  readonly remote: string;
  /** Whether single commits can be fetched from it: not from a folder of files behind a web server. */
  readonly isSmart: boolean;
  release(): Promise<void>;
}

const SERVICE = '/info/refs?service=git-upload-pack';
const SMART = 'application/x-git-upload-pack-advertisement';

/**
 * Finds out how a repository is reached: the login for its host, the end of its redirects, whether it may be contacted at
 * all. `own` is a login for its host alone; a key is written into a folder of its own in `keyPlace`. Throws
 * `UnusableRepository` when it cannot be.
 */
export async function reachRepository(
  text: string,
  own: Login | undefined,
  keyPlace: string,
  deps: ReachDeps,
  signal: AbortSignal,
): Promise<Reached> {
  const address = parseGitAddress(text);
  if (address.kind === 'wrong') throw new UnusableRepository(address.message, address.hint);
  if (address.kind === 'http') return reachOverHttp(address.url, address.login ?? own, deps, signal);
  const forbidden = await forbiddenHost(address.host, deps.check, resolveByName);
  signal.throwIfAborted();
  if (forbidden !== undefined) {
    const message = `The repository "${shownAddress(text)}" is not fetched: ${address.host} ${forbidden}.`;
    throw new UnusableRepository(message, 'Workers do not contact such addresses for a task.');
  }
  if (address.kind === 'ssh') return reachOverSsh(address, keyPlace, deps.credentials);
  const access = { kind: 'git', address: address.address } as const;
  return { access, remote: address.address, isSmart: true, release: async () => undefined };
}

async function reachOverHttp(
  given: URL,
  own: Login | undefined,
  { http, credentials }: ReachDeps,
  signal: AbortSignal,
): Promise<Reached> {
  const start = new URL(given);
  start.pathname = start.pathname.replace(/\/+$/, '');
  const loginOf = (url: URL) =>
    url.origin === given.origin ? (own ?? loginFor(credentials, url)) : loginFor(credentials, url);
  const authorize = (url: URL) => {
    const login = loginOf(url);
    return login === undefined ? undefined : basicAuthorization(login);
  };
  const answer = await http.get(new URL(start.href + SERVICE), { authorize }, signal);
  const shown = shownAddress(given.href);
  if (answer.kind === 'unreachable') {
    throw new UnusableRepository(`The repository ${shown} ${answer.reason}.`, answer.hint);
  }
  answer.body.destroy();
  checkStatus(answer, shown, loginOf(answer.url) !== undefined);
  if (!answer.url.href.endsWith(SERVICE)) {
    const message = `The repository ${shown} redirects to ${answer.url.host}, where no repository is.`;
    throw new UnusableRepository(message, 'Check the address; it may be one that asks people to sign in.');
  }
  const url = new URL(answer.url.href.slice(0, -SERVICE.length));
  return {
    access: { kind: 'http', url, login: loginOf(url), address: answer.address },
    remote: url.href,
    isSmart: answer.headers['content-type'] === SMART,
    release: async () => undefined,
  };
}

function checkStatus({ status, url: { host } }: HttpAnswer, shown: string, hasLogin: boolean): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403 || (status >= 300 && status < 400)) {
    throw new UnusableRepository(
      hasLogin
        ? `The repository ${shown} cannot be read: ${host} refuses the worker's credential (status ${status}).`
        : `The repository ${shown} cannot be read without a credential (status ${status} from ${host}).`,
      hasLogin
        ? `Check that the token for ${host} in SLIPWAY_SOURCE_CREDENTIALS is valid and may read this repository.`
        : `If it exists, put a token for ${host} into SLIPWAY_SOURCE_CREDENTIALS of the workers.`,
    );
  }
  if (status === 404 || status === 410) {
    const hint = hasLogin
      ? 'Check the address, and that the token of the worker may read this repository: hosts hide those it may not.'
      : `Check the address. If it is private, put a token for ${host} into SLIPWAY_SOURCE_CREDENTIALS of the workers.`;
    throw new UnusableRepository(`There is no repository at ${shown} (status ${status}).`, hint);
  }
  throw new UnusableRepository(
    `${host} answers with the status ${status} for the repository ${shown}.`,
    'Try again later.',
  );
}

async function reachOverSsh(
  { address, host, origin }: Extract<GitAddress, { kind: 'ssh' }>,
  keyPlace: string,
  credentials: SourceCredentials,
): Promise<Reached> {
  const ssh = credentials.get(origin)?.ssh;
  if (ssh === undefined) {
    throw new UnusableRepository(
      `The repository ${shownAddress(address)} cannot be read: the worker has no ssh key for ${origin.slice('ssh://'.length)}.`,
      `Put "sshKey" and "knownHosts" for ${host} into SLIPWAY_SOURCE_CREDENTIALS of the workers, or use its https address.`,
    );
  }
  // Nobody else may enter it.
  const folder = await mkdtemp(path.join(keyPlace, 'ssh-'));
  const release = () => rm(folder, { recursive: true, force: true });
  try {
    const key = path.join(folder, 'key');
    const knownHosts = path.join(folder, 'known_hosts');
    // ssh refuses keys that others may read, and those without a line end.
    await writeFile(key, `${ssh.key.trimEnd()}\n`, { mode: 0o600 });
    await writeFile(knownHosts, `${ssh.knownHosts.trimEnd()}\n`, { mode: 0o600 });
    const command = sshCommand(key, knownHosts);
    return { access: { kind: 'ssh', address, command }, remote: address, isSmart: true, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** git hands it to a shell, and ssh reads signs of its own in paths: the temporary folder may have any name. */
function sshCommand(key: string, knownHosts: string): string {
  const options = [
    // Not as -i, which looks for a file of exactly that name first.
    `IdentityFile="${withoutTokens(key)}"`,
    `UserKnownHostsFile="${withoutTokens(knownHosts)}"`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'PreferredAuthentications=publickey',
    'BatchMode=yes',
    'ForwardAgent=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'ControlMaster=no',
    'ControlPath=none',
    'ConnectTimeout=20',
    'ServerAliveInterval=30',
  ];
  const words = ['ssh', '-F', '/dev/null', ...options.flatMap((option) => ['-o', option])];
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

function withoutTokens(file: string): string {
  return file.replaceAll('%', '%%');
}
