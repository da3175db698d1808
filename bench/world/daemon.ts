import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stopChild } from '../../src/stop-child.ts';

/** A long-lived process of Slipway. */
export interface Daemon {
  /** The line of its log that said that it is ready. */
  readonly ready: string;
  close(): Promise<void>;
}

/**
 * Starts `node script args` and waits for a line of its standard output that contains `words`. Rejects with what it has
 * said when it ends before that; it is stopped when `signal` aborts.
 */
export async function startDaemon(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  words: string,
  signal: AbortSignal,
): Promise<Daemon> {
  signal.throwIfAborted();
  // A Ctrl-C in the terminal must reach this process alone, which then stops its children in order.
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const close = () => stopChild(child);
  try {
    return { ready: await lineWith(child, words, signal), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function lineWith(child: ChildProcess, words: string, signal: AbortSignal): Promise<string> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        if (said.length < 100) said.push(line);
        if (line.includes(words)) resolve(line);
      });
    }
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    child.once('exit', () => reject(new Error(`${child.spawnargs.join(' ')} ended:\n${said.join('\n')}`)));
  });
}
