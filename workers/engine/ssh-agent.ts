import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Refusal } from './policy.ts';

/** An ssh-agent of our own that holds keys for one build. `close` ends it with all it made. */
export interface SshAgent {
  readonly kind: 'agent';
  readonly socketPath: string;
  close(): Promise<void>;
}

const NOT_INSTALLED: Refusal = {
  kind: 'refused',
  message: 'The build uses --ssh, but this worker has no ssh-agent.',
  hint: 'Install it on the worker (Debian: apt-get install openssh-client), or fetch over https.',
};

/**
 * Starts an agent with these private keys. Refused when the programs are missing or a key cannot be used; the message
 * shows nothing of the key. Rejects with `signal.reason` when aborted, and nothing is left then.
 */
export async function startSshAgent(keys: readonly Buffer[], signal: AbortSignal): Promise<SshAgent | Refusal> {
  signal.throwIfAborted();
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-ssh-'));
  const socketPath = path.join(folder, 'agent');
  // In the foreground it is our child; it prints one line when it listens.
  const child = spawn('ssh-agent', ['-D', '-a', socketPath], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: surroundings(),
  });
  const close = async () => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const started = await Promise.race([
      once(child.stdout, 'data', { signal }).then(() => 'listening' as const),
      once(child, 'error').then(() => 'missing' as const),
      once(child, 'exit').then(() => 'missing' as const),
    ]);
    const refused = started === 'missing' ? NOT_INSTALLED : await addKeys(keys, socketPath, signal);
    if (refused === undefined) return { kind: 'agent', socketPath, close };
    await close();
    return refused;
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  }
}

async function addKeys(keys: readonly Buffer[], socketPath: string, signal: AbortSignal): Promise<Refusal | undefined> {
  for (const key of keys) {
    // Nobody is asked for a passphrase: there is no terminal, and no program to ask with.
    const env = { ...surroundings(), SSH_AUTH_SOCK: socketPath, SSH_ASKPASS_REQUIRE: 'never' };
    const child = spawn('ssh-add', ['-q', '-'], { stdio: ['pipe', 'ignore', 'ignore'], env, signal, detached: true });
    child.stdin.on('error', () => undefined);
    // Without its last line end OpenSSH takes a key for a broken one, and secrets often have lost it.
    child.stdin.end(`${key.toString('utf8').trim()}\n`);
    const code = await Promise.race([
      once(child, 'exit').then(([exit]) => Number(exit)),
      once(child, 'error').then(() => 'missing' as const),
    ]);
    signal.throwIfAborted();
    if (code === 'missing') return NOT_INSTALLED;
    if (code !== 0) return UNUSABLE;
  }
  return undefined;
}

const UNUSABLE: Refusal = {
  kind: 'refused',
  message: 'A key of --ssh cannot be used: it is no private key of OpenSSH, or it has a passphrase.',
  hint: 'Give the text of a private key without a passphrase, such as `ssh-keygen -t ed25519 -N ""` makes.',
};

/** Of the worker's own environment only where programs are: no agent and no keys of its operator. */
function surroundings(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
