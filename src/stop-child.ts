import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** How long (ms) a child may take to put its things in order. */
const PATIENCE_MS = 30_000;

/**
 * Ends a child process and waits until it is gone: SIGTERM, and SIGKILL when that has had no effect for `patienceMs`.
 * Does nothing when it has ended already.
 */
export async function stopChild(child: ChildProcess, patienceMs = PATIENCE_MS): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const firm = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  try {
    await exited;
  } finally {
    clearTimeout(firm);
  }
}
