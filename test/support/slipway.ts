import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { cleanUp } from './clean-up.ts';

/** The root of the repository. */
export const root = path.resolve(import.meta.dirname, '../..');
const bin = path.join(root, 'src/cli/bin.mjs');

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `slipway …` to its end, as a user does. The environment is `env` alone, with PATH and HOME. */
export async function slipway(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = root,
): Promise<Finished> {
  const child = spawnSlipway(args, env, cwd);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

/** A `slipway` process that stays; ended (SIGKILL if need be) at the end of the test. */
export interface Daemon {
  readonly process: ChildProcess;
  /** What it has written to stderr so far. */
  stderr(): string;
  /** Resolves with the first line of stdout or stderr that contains `words`; rejects when it exits before. */
  line(words: string): Promise<string>;
  /** Sends a signal and waits for the exit; answers the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `slipway …` and leaves it running. */
export function startSlipway(t: TestContext, args: readonly string[], env: Record<string, string>): Daemon {
  const child = spawnSlipway(args, env, root);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const wake of waiting) wake();
    });
  }
  const exited = once(child, 'exit');
  exited.then(() => {
    for (const wake of waiting) wake();
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (isRunning()) child.kill(signal);
    const [code] = await exited;
    return code;
  };
  cleanUp(t, async () => {
    const firm = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.kill('SIGCONT');
    await stop();
    clearTimeout(firm);
  });
  return {
    process: child,
    stderr: () => lines.join('\n'),
    stop,
    async line(words) {
      for (;;) {
        const found = lines.find((line) => line.includes(words));
        if (found !== undefined) return found;
        if (!isRunning()) throw new Error(`slipway ${args[0]} ended before it said "${words}":\n${lines.join('\n')}`);
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
    },
  };
}

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-test-'));
  cleanUp(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

function spawnSlipway(args: readonly string[], env: Record<string, string>, cwd: string) {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH, HOME, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
