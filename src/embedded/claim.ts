import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity, signalProcess } from './process-identity.ts';

/** One part's own folder, held by this process until `release`. */
export interface Claim {
  readonly directory: string;
  /** Remembers the child process of this part, so that a successor can end it if this process is killed. */
  remember(child: ProcessIdentity): Promise<void>;
  /** Forgets the child and lets others have the folder. */
  release(): Promise<void>;
}

/**
 * Takes `directory` for this process. A child that a killed predecessor left behind is ended first (SIGTERM, and SIGKILL
 * after `stopWithinMs`); a predecessor that is still alive is respected: the claim then fails and says who holds it.
 */
export async function claimDirectory(directory: string, stopWithinMs: number): Promise<Claim> {
  const owner = join(directory, 'owner.json');
  const child = join(directory, 'process.json');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await takeOwnership(owner, directory);
  const left = await readIdentity(child);
  if (left) await endProcess(left, stopWithinMs);
  await rm(child, { force: true });
  return {
    directory,
    remember: (identity) => writeWhole(child, JSON.stringify(identity)),
    async release() {
      await rm(child, { force: true });
      await rm(owner, { force: true });
    },
  };
}

/** Takes `directory`, starts the part that lives in it, and holds it until that is closed or did not start. */
export async function startClaimed<T extends { close(): Promise<void> }>(
  directory: string,
  stopWithinMs: number,
  start: (claim: Claim) => Promise<T>,
): Promise<T> {
  const claim = await claimDirectory(directory, stopWithinMs);
  try {
    const part = await start(claim);
    return {
      ...part,
      async close() {
        await part.close();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** Ends one process politely, then firmly; returns when it is gone. A process that is not the one meant is left alone. */
export async function endProcess(target: ProcessIdentity, stopWithinMs: number): Promise<void> {
  signalProcess(target, 'SIGTERM');
  if (await goneWithin(target, stopWithinMs)) return;
  signalProcess(target, 'SIGKILL');
  await goneWithin(target, 5_000);
}

async function goneWithin(target: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (isAlive(target)) {
    if (performance.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

/** The file is created exclusively, so of two processes that start at once only one gets it. */
async function takeOwnership(file: string, directory: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify(identify(process.pid)));
      await handle.close();
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await readIdentity(file);
    if (holder && isAlive(holder)) {
      throw new Error(
        `The data folder ${directory} is in use by process ${holder.pid}. Stop that process, or choose another data folder.`,
      );
    }
    // An unreadable file may be one that its owner is writing at this moment; look again before taking it for dead.
    if (!holder && attempt === 0) await sleep(100);
    else await rm(file, { force: true });
  }
  throw new Error(
    `The data folder ${directory} can not be taken: its file ${file} keeps coming back. Remove it and try again.`,
  );
}

async function readIdentity(file: string): Promise<ProcessIdentity | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('born' in value)) return undefined;
    return typeof value.pid === 'number' && typeof value.born === 'string'
      ? { pid: value.pid, born: value.born }
      : undefined;
  } catch {
    return undefined;
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
