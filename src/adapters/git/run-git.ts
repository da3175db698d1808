// simple-git is not used: what it starts cannot be given a process group, and git-remote-https outlives a killed git.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a git command ended. */
export interface GitEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a command runs. */
export interface GitCall {
  /** The repository: its folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Hears of the output as it comes, which is not kept then; `enough` ends git. */
  readonly onOutput?: (chunk: Buffer) => 'more' | 'enough';
}

/** Output and errors that are kept of one command. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Runs git in a process group of its own, without a shell. Rejects with `signal.reason` when aborted, after the whole
 * group was killed and git is gone; otherwise only when git cannot be started. Arguments must not hold secrets.
 */
export async function runGit(args: readonly string[], call: GitCall, signal: AbortSignal): Promise<GitEnd> {
  signal.throwIfAborted();
  const child = spawn('git', args, {
    cwd: call.folder,
    env: { ...call.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = () => killGroup(child.pid);
  signal.addEventListener('abort', kill, { once: true });
  const { onOutput } = call;
  const stdout = onOutput === undefined ? keep(child.stdout) : () => '';
  if (onOutput !== undefined) child.stdout.on('data', (chunk) => onOutput(chunk) === 'enough' && kill());
  const stderr = keep(child.stderr);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (cause) => reject(new Error('This worker cannot start git: is it installed?', { cause })));
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return { code: code ?? -1, stdout: stdout(), stderr: stderr() };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** Nothing that git has started is worth a farewell: the folder is thrown away. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function keep(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_KEPT_BYTES) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
