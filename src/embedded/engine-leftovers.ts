import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { endProcess } from './claim.ts';
import { identify, signalProcess } from './process-identity.ts';

const run = promisify(execFile);

/** Unmounts whatever is mounted below these folders, the deepest first. Linux only; needs root. */
export async function unmountBelow(folders: readonly string[]): Promise<void> {
  const table = await readFile('/proc/self/mounts', 'utf8');
  for (const point of mountsBelow(table, folders)) await run('umount', ['-l', point]).catch(() => {});
}

/** The mount points of `table` (the text of /proc/self/mounts) at or below these folders, the deepest first. */
export function mountsBelow(table: string, folders: readonly string[]): string[] {
  const points = table.split('\n').map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '));
  return points
    .filter((point) => folders.some((folder) => point === folder || point.startsWith(`${folder}/`)))
    .reverse();
}

/** Whether a dockerd runs that shares our network settings, ours being gone already. One in a container has its own. */
export async function otherDockerdRuns(): Promise<boolean> {
  const network = (pid: number | 'self') => readlink(`/proc/${pid}/ns/net`).catch(() => 'unknown');
  const ours = await network('self');
  for (const { pid, words } of await processes()) {
    if (words[0]?.split('/').pop() === 'dockerd' && (await network(pid)) === ours) return true;
  }
  return false;
}

/**
 * Ends what a killed dockerd left running: its containerd, its containers and their shims. They are known by `mark`,
 * the unique name that our dockerd puts on their command lines (paths and the containerd namespace).
 */
export async function endStrays(mark: string): Promise<void> {
  const all = await processes();
  const marked = all.filter(({ words }) => isContainerd(words) && words.some((word) => word.includes(mark)));
  const shims = marked.filter(({ words }) => words[0]?.includes('containerd-shim'));
  for (const shim of shims) {
    for (const { pid } of all.filter(({ parent }) => parent === shim.pid)) kill(pid); // the container's first process
    kill(shim.pid);
  }
  for (const { pid } of marked) {
    const identity = identify(pid);
    if (identity) await endProcess(identity, 3_000);
  }
}

function isContainerd(words: readonly string[]): boolean {
  return /^containerd(-shim.*)?$/.test(words[0]?.split('/').pop() ?? '');
}

function kill(pid: number): void {
  const identity = identify(pid);
  if (identity) signalProcess(identity, 'SIGKILL');
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
}

async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((process) => process !== undefined);
}

async function readProcess(pid: number): Promise<Process | undefined> {
  try {
    const [stat, words] = [await readFile(`/proc/${pid}/stat`, 'utf8'), await readFile(`/proc/${pid}/cmdline`, 'utf8')];
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid, parent, words: words.split('\0') };
  } catch {
    return undefined; // it ended while we looked
  }
}
