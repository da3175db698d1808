import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = '/sys/fs/cgroup';

/**
 * Gives dockerd the control groups it needs on a machine where no init system has set them up. Does nothing on one where
 * they are in order, which is nearly always. Linux only; needs root.
 */
export async function prepareCgroups(): Promise<void> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  if (!mounts.split('\n').some((line) => line.split(' ')[1]?.startsWith(ROOT))) {
    await run('mount', ['-t', 'cgroup2', 'cgroup2', ROOT]).catch((error) => {
      throw new Error(
        `There are no control groups at ${ROOT}, which Docker needs, and mounting them failed (${error}). ` +
          'Run on a machine that allows it, or give an engine with DOCKER_HOST.',
      );
    });
  }
  if (isNested()) await delegate();
}

/** Only a cgroup that is not the machine's real root has this file: we are inside a container (cgroups(7)). */
function isNested(): boolean {
  return existsSync(`${ROOT}/cgroup.type`) && existsSync(`${ROOT}/cgroup.subtree_control`);
}

/**
 * A cgroup of version 2 that is not the real root may hold processes or hand controllers on, not both. So the processes
 * move into a child, as Docker's own "dind" script does (moby/moby, hack/dind).
 */
async function delegate(): Promise<void> {
  await mkdir(`${ROOT}/init`, { recursive: true });
  const pids = (await readFile(`${ROOT}/cgroup.procs`, 'utf8')).split('\n').filter(Boolean);
  for (const pid of pids) await writeFile(`${ROOT}/init/cgroup.procs`, pid).catch(() => {}); // it may have ended
  const controllers = (await readFile(`${ROOT}/cgroup.controllers`, 'utf8')).trim().split(' ').filter(Boolean);
  await writeFile(`${ROOT}/cgroup.subtree_control`, controllers.map((name) => `+${name}`).join(' ')).catch(() => {});
}
