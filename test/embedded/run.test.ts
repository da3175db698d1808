import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const runner = join(import.meta.dirname, '../run.ts');

/** Runs the runner as `npm test` does, outside of the run this test is part of. */
function npmTest(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, ['--import', 'tsx', runner, ...args], { env, encoding: 'utf8' });
}

test('an unknown option is refused with the right call', () => {
  const { status, stderr } = npmTest('--instal');
  assert.equal(status, 2);
  assert.match(stderr, /Unknown option --instal\. The call is: npm test -- \[PATTERN…\] \[--no-install\]\./);
});

test('part of a path chooses files, and the summary is the last that is printed', () => {
  const { status, stdout, stderr } = npmTest('embedded/free-port');
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  assert.match(stdout, /ℹ tests 2\n[\s\S]*ℹ pass 2\nℹ fail 0\n[\s\S]*ℹ duration_ms [\d.]+\n$/);
});

test('a word that is in no path chooses tests by their names', () => {
  const { status, stdout } = npmTest('embedded/free-port', 'a fixed port');
  assert.equal(status, 0);
  assert.match(stdout, /ℹ pass 1\n/);
});

test('a word that fits neither a path nor a name fails', () => {
  const { status, stderr } = npmTest('embedded/free-port', 'zebra');
  assert.equal(status, 2);
  assert.match(stderr, /No test file's path and no test's name contains "zebra"\./);
});
