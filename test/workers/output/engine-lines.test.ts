import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../task-schemas/index.ts';
import { ended, marked, starting } from '../../../workers/output/engine-lines.ts';
import { cmdStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { aRun } from '../../support/fakes/run.ts';

const failure = { code: 'x', message: 'It broke.' };
const ends: { result: RunResult; says: string }[] = [
  { result: { status: 'Succeeded' }, says: 'was successful after 12s' },
  { result: { status: 'Failed', failure }, says: 'failed after 12s. Error: It broke.' },
  {
    result: { status: 'Failed', failure: { ...failure, step: 'a' } },
    says: 'failed after 12s. Error: step "a" failed',
  },
  { result: { status: 'Error', failure }, says: 'failed after 12s. Error: It broke.' },
  { result: { status: 'Canceled', failure }, says: 'was canceled after 12s' },
  { result: { status: 'Timeout', failure }, says: 'timed out after 12s. It broke.' },
];

for (const { result, says } of ends) {
  test(`the last line of a run: ${says}`, () => {
    assert.equal(ended(aRun({ startedAt: 1_000 }), result, 13_400), `Run ID: r0000001 ${says}`);
  });
}

test('the first line of a step', () => {
  assert.equal(
    starting(cmdStep('a', { workingDirectory: '/workspace', network: 'none' })),
    "Executing step ID: a. Timeout(sec): 600, Working directory: '/workspace', Network: 'none'",
  );
  assert.equal(
    starting(pushStep('p', { images: ['x:1'] })),
    "Executing step ID: p. Timeout(sec): 600, Working directory: '', Network: ''",
  );
});

test('the line of the summary', () => {
  assert.equal(
    marked(cmdStep('a'), 'failed', 1_234),
    'Step ID: a marked as failed (elapsed time in seconds: 1.234000)',
  );
  assert.equal(marked(cmdStep('a'), 'skipped'), 'Step ID: a marked as skipped');
});
