/**
 * What an exec that was killed leaves: its folder, and on the engine whatever carries the folder's name. The next exec
 * removes both, but only when it is certain that nobody uses them any more.
 */
import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import type { Processes } from '../terminal.ts';

/** How the folders of all execs begin, below the folder for temporary files. */
export const FOLDER_PREFIX = 'slipway-exec-';

const OWNER_FILE = 'owner.json';

interface Owner {
  readonly pid: number;
  readonly machine: string;
  readonly dockerHost: string;
}

/** Writes down in the folder of an exec which process it belongs to, and on which engine its run is. */
export async function writeOwner(folder: string, dockerHost: string, { own }: Processes): Promise<void> {
  const owner: Owner = { pid: own, machine: await thisMachine(), dockerHost };
  await writeFile(path.join(folder, OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
}

/**
 * Removes what killed execs left on this engine and on disk; `clean` removes what belongs to a folder's name from the
 * engine. A folder whose process may still run, here or elsewhere, is never touched. Rejects only as `clean` does, and
 * then keeps that folder for the next time. Answers how many there were.
 */
export async function removeLeftovers(
  dockerHost: string,
  { runs }: Processes,
  clean: (name: string) => Promise<unknown>,
): Promise<number> {
  const here = await thisMachine();
  let removed = 0;
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(FOLDER_PREFIX) ? await readOwner(path.join(tmpdir(), name)) : undefined;
    if (owner === undefined || owner.machine !== here || owner.dockerHost !== dockerHost || runs(owner.pid)) continue;
    await clean(name);
    await rm(path.join(tmpdir(), name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

/** Undefined for folders of other users, of an exec that has just begun or ended, and of anything else. */
async function readOwner(folder: string): Promise<Owner | undefined> {
  try {
    const read: Partial<Record<keyof Owner, unknown>> = JSON.parse(
      await readFile(path.join(folder, OWNER_FILE), 'utf8'),
    );
    const { pid, machine, dockerHost } = read;
    const isOwner = typeof pid === 'number' && typeof machine === 'string' && typeof dockerHost === 'string';
    return isOwner ? { pid, machine, dockerHost } : undefined;
  } catch {
    return undefined;
  }
}

/** Where a process number means what it means here: containers can share a folder but not their processes. */
async function thisMachine(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${namespace}`;
}
