/** A real `git daemon` of tests: git:// on a loopback port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { choosePort } from '../../src/embedded/free-port.ts';
import { cleanUp } from './clean-up.ts';
import { temporaryFolder } from './git-repository.ts';

/** Serves all repositories below `root` until the end of the test; answers the beginning of their addresses. */
export async function startGitDaemon(t: TestContext, root: string): Promise<string> {
  const port = await choosePort(temporaryFolder(t), undefined, 'git daemon');
  const args = ['--verbose', '--export-all', '--listen=127.0.0.1', `--port=${port}`, `--base-path=${root}`, root];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  // A group of its own: the daemon is a child of `git`.
  const daemon = spawn('git', ['daemon', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const ended = once(daemon, 'close');
  cleanUp(t, async () => {
    if (daemon.pid !== undefined && daemon.exitCode === null) process.kill(-daemon.pid);
    await ended;
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: daemon.stderr }).on('line', (line) => /Ready to rumble/.test(line) && resolve());
    ended.then(() => reject(new Error('git daemon has ended.')), reject);
  });
  return `git://127.0.0.1:${port}`;
}
