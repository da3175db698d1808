import { basicAuthorization, type Login } from '../../core/source/credentials.ts';

/** Variables of the worker that git may see: where programs and certificates are. */
const KEPT = ['PATH', 'LANG', 'LC_ALL', 'TMPDIR', 'GIT_SSL_CAINFO', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** What one repository needs to be reached. */
export type GitAccess =
  | {
      readonly kind: 'http';
      readonly url: URL;
      readonly login: Login | undefined;
      /** The address that was looked at; git connects to this one. */
      readonly address: string;
    }
  | { readonly kind: 'ssh'; readonly address: string; readonly command: string }
  | { readonly kind: 'git'; readonly address: string };

/** A setting of git, as `git config` knows it. */
export type GitSetting = readonly [key: string, value: string];

/** Settings that hold for every repository. */
const ALWAYS: readonly GitSetting[] = [
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.ssh.allow', 'always'],
  ['protocol.git.allow', 'always'],
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.askPass', ''],
  ['credential.helper', ''],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  // They would go on in the background, in a process group of their own.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
  ['safe.directory', '*'],
  // Redirects were followed before git was called: it would send the header along.
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '120'],
  ['lfs.concurrenttransfers', '4'],
  ['lfs.activitytimeout', '60'],
  ['lfs.transfer.maxretries', '2'],
  ['lfs.standalonetransferagent', ''],
];

/**
 * The environment for git commands: nothing of the worker's own configuration, no prompts, no hooks, and the login in a
 * header for its own origin, which neither `ps` nor the repository's folder shows. `more` are settings for one command.
 */
export function gitEnvironment(
  access: GitAccess | undefined,
  given: Readonly<Record<string, string | undefined>>,
  more: readonly GitSetting[] = [],
): Record<string, string> {
  const settings = [...ALWAYS, ...(access?.kind === 'http' ? httpSettings(access) : []), ...more];
  const env: Record<string, string> = {
    HOME: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_SSH_COMMAND: access?.kind === 'ssh' ? access.command : 'false',
    GIT_SSH_VARIANT: 'ssh',
    GIT_CONFIG_COUNT: String(settings.length),
  };
  for (const name of KEPT) {
    const value = given[name];
    if (value !== undefined) env[name] = value;
  }
  for (const [index, [key, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}

function httpSettings({ url, login, address }: Extract<GitAccess, { kind: 'http' }>) {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const pinned = address.includes(':') ? `[${address}]` : address;
  const settings: GitSetting[] =
    host.includes(':') || address === '' ? [] : [['http.curloptResolve', `${host}:${port}:${pinned}`]];
  if (login === undefined) return settings;
  return [...settings, [`http.${url.origin}/.extraHeader`, `Authorization: ${basicAuthorization(login)}`] as const];
}
