import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const TEST = dirname(dirname(import.meta.dirname));

/** How many tests of one run of the test runner ended how. */
export interface TestCounts {
  readonly passed: number;
  /** Failed, or not finished. */
  readonly failed: number;
  readonly skipped: number;
}

/** What one run of the test runner came to. */
export interface TestRun {
  /** Undefined when the runner did not come as far as its summary. */
  readonly counts: TestCounts | undefined;
  /** The runner's exit code; 1 when a signal ended it. */
  readonly exitCode: number;
}

/**
 * Runs `npm test -- ARGS` to its end, with its output on ours. `signal` asks it to end, and it is awaited all the same:
 * it has parts of its own to clean up.
 */
export async function runTests(args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<TestRun> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, ['--import', 'tsx', join(TEST, 'run.ts'), ...args], {
    cwd: dirname(TEST),
    env: { ...env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output += text;
  });
  const [code] = await once(child, 'close');
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  return { counts: readCounts(output), exitCode: code ?? 1 };
}

/** The counts in the summaries of node's `spec` reporter ("ℹ pass 12"), one for each phase; undefined when there is none. */
export function readCounts(output: string): TestCounts | undefined {
  const text = stripVTControlCharacters(output);
  const count = (name: string) => {
    const found = [...text.matchAll(new RegExp(`^ℹ ${name} (\\d+)\\s*$`, 'gm'))];
    return found.length === 0 ? undefined : found.reduce((sum, [, number]) => sum + Number(number), 0);
  };
  const [passed, failed, cancelled, skipped] = ['pass', 'fail', 'cancelled', 'skipped'].map(count);
  if (passed === undefined || failed === undefined) return undefined;
  return { passed, failed: failed + (cancelled ?? 0), skipped: skipped ?? 0 };
}
