/** A real sshd of tests on loopback, with a host key, users' keys and an account `git` of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { findCommand } from '../../src/embedded/find-command.ts';
import { choosePort } from '../../src/embedded/free-port.ts';
import { cleanUp } from './clean-up.ts';
import { temporaryFolder } from './git-repository.ts';

/** A running server. Its account `git` runs whatever it is asked for with the rights of the tests. */
export interface SshServer {
  /** At 127.0.0.1. */
  readonly port: number;
  /** An address of this machine where it also listens at port 22: addresses like `git@HOST:PATH` know no other. */
  readonly host: string;
  /** Private keys: one that is let in, one that is let in and never answered, and one that nobody knows. */
  readonly keys: { readonly good: string; readonly hanging: string; readonly unknown: string };
  /** The file that a session of the key `hanging` makes as soon as it waits. */
  readonly hangs: string;
  /** A folder, empty so far, for programs that sessions find first. */
  readonly programs: string;
  /** Its public key as in `known_hosts`, for both of its addresses. */
  readonly knownHosts: string;
}

/** Why this machine cannot run such a server, for `skip` of a test; false: it can. */
export function whyNoSsh(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can start this sshd';
  const missing = ['sshd', 'ssh', 'ssh-keygen', 'unshare'].filter((name) => !findCommand([name], process.env.PATH));
  if (missing.length > 0) return `${missing.join(', ')} is not here: apt-get install openssh-server openssh-client`;
  return false;
}

/** Starts a server that ends with the test. */
export async function startSshServer(t: TestContext): Promise<SshServer> {
  const folder = temporaryFolder(t);
  const at = (name: string) => path.join(folder, name);
  const [host, good, hanging, unknown] = ['host', 'good', 'hanging', 'unknown'].map((name) => makeKey(at(name)));
  if (!host || !good || !hanging || !unknown) throw new Error('ssh-keygen has made no key.');
  const [hangs, programs] = [at('hangs'), at('programs')];
  mkdirSync(programs);
  writeFileSync(at('host_key'), host.secret, { mode: 0o600 });
  writeFileSync(at('authorized_keys'), `${good.open}command="touch ${hangs}; cat >/dev/null" ${hanging.open}`);
  writeFileSync(at('passwd'), `${readFileSync('/etc/passwd', 'utf8')}git:*:0:0::/nonexistent:/bin/sh\n`);
  const port = await choosePort(folder, undefined, 'sshd');
  // One for each process, so that test runs side by side do not meet at port 22.
  const second = `127.${100 + (process.pid >> 16)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;
  writeFileSync(at('sshd_config'), configuration(folder, port, second));
  await startDaemon(t, folder, 2);
  const [type, blob] = host.open.split(' ');
  const knownHosts = [`[127.0.0.1]:${port}`, second].map((name) => `${name} ${type} ${blob}`).join('\n');
  const keys = { good: good.secret, hanging: hanging.secret, unknown: unknown.secret };
  return { port, host: second, keys, hangs, programs, knownHosts };
}

/** No file of a key stays, so that a test can look for copies of it. */
function makeKey(file: string): { readonly secret: string; readonly open: string } {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
  const key = { secret: readFileSync(file, 'utf8'), open: `${readFileSync(`${file}.pub`, 'utf8').trim()}\n` };
  for (const name of [file, `${file}.pub`]) rmSync(name);
  return key;
}

function configuration(folder: string, port: number, second: string): string {
  const settings = [
    `ListenAddress 127.0.0.1:${port}`,
    `ListenAddress ${second}:22`,
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `SetEnv PATH=${folder}/programs:${process.env.PATH}`,
    'PidFile none',
    'AuthenticationMethods publickey',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM no',
    'PrintMotd no',
  ];
  return `${settings.join('\n')}\n`;
}

/**
 * sshd wants a folder in /run, and an account for its users: both exist in a mount namespace of its own alone, so that
 * nothing of this machine is changed. Resolves when it listens at so many addresses.
 */
async function startDaemon(t: TestContext, folder: string, addresses: number): Promise<void> {
  const script =
    'mount -t tmpfs none /run && mkdir /run/sshd && mount --bind "$1/passwd" /etc/passwd && exec "$2" -D -e -f "$1/sshd_config"';
  const sshd = findCommand(['sshd'], process.env.PATH) ?? '';
  const daemon = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', folder, sshd], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(daemon, 'exit');
  cleanUp(t, async () => {
    daemon.kill();
    await ended;
  });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: daemon.stderr }).on('line', (line) => {
      said.push(line);
      if (said.filter((text) => text.startsWith('Server listening')).length === addresses) resolve();
    });
    ended.then(() => reject(new Error(`sshd has ended: ${said.join('\n')}`)));
  });
}
