import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanParts } from '../../src/embedded/clean-parts.ts';

/** The folder of one `npm test`: all that the runner and the tests write to temporary folders is inside. */
export interface RunFolder {
  readonly path: string;
  /** TMPDIR of the test processes. */
  readonly temporary: string;
  /** Ends whatever the tests left running and removes the folder. */
  remove(): Promise<void>;
}

/** Makes the folder of this run, and removes those that killed runs left: the name says whose a folder is. */
export async function openRunFolder(): Promise<RunFolder> {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^slipway-npm-test-(\d+)-/.exec(name) ?? [];
    if (pid && !isRunning(Number(pid))) await removeFolder(join(tmpdir(), name));
  }
  const path = mkdtempSync(join(tmpdir(), `slipway-npm-test-${process.pid}-`));
  const temporary = join(path, 'tmp');
  mkdirSync(temporary);
  return { path, temporary, remove: () => removeFolder(path) };
}

async function removeFolder(path: string): Promise<void> {
  try {
    await endStrays(join(path, 'tmp'));
    await cleanParts(path, process.env);
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    console.error(
      `The folder ${path} of a test run was not removed: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Ends the processes that tests have started and left, wherever they went: they have the run's own TMPDIR. Linux only. */
async function endStrays(temporary: string): Promise<void> {
  const strays = () => processesWith(`TMPDIR=${temporary}`);
  for (const pid of strays()) signalQuietly(pid, 'SIGTERM');
  for (let i = 0; i < 200 && strays().length > 0; i++) await sleep(50); // as long as dockerd may take to end
  for (const pid of strays()) signalQuietly(pid, 'SIGKILL');
}

function processesWith(variable: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').map(Number);
  return pids.filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(variable));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // it has ended, or is not ours to look at
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
