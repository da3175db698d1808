import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How a command is run. */
export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly cwd?: string;
  /** A file descriptor that takes its standard output; otherwise that is thrown away. */
  readonly stdout?: number;
}

/** Runs a program to its end. Rejects, with what it wrote to standard error, when it does not exit with 0. */
export async function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const child = spawn(program, args, {
    env: options.env,
    cwd: options.cwd,
    stdio: ['ignore', options.stdout ?? 'ignore', 'pipe'],
    signal: options.signal,
  });
  const [said, [code, killedBy]] = await Promise.all([
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close'),
  ]);
  if (code === 0) return;
  const how = code === null ? `was ended by ${killedBy}` : `exited with ${code}`;
  throw new Error(`${[program, ...args].join(' ')} ${how}:\n${said}`);
}
