import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskEvent } from '../../../src/core/secret/mask-event.ts';

const hide = (text: string) => text.replaceAll('failed', '***');

test('texts from outside are hidden, words of our own are not', () => {
  const failure = {
    code: 'build-failed',
    message: 'it failed',
    hint: 'failed',
    step: 'failed-1',
    diagnostics: [{ severity: 'error' as const, code: 'x-failed', message: 'a failed b' }],
  };
  const result = { status: 'Failed' as const, failure };
  assert.deepEqual(maskEvent({ kind: 'finished', at: 7, result }, hide), {
    kind: 'finished',
    at: 7,
    result: {
      status: 'Failed',
      failure: {
        code: 'build-failed',
        message: 'it ***',
        hint: '***',
        step: '***-1',
        diagnostics: [{ severity: 'error', code: 'x-failed', message: 'a *** b' }],
      },
    },
  });
  assert.deepEqual(maskEvent({ kind: 'step-started', at: 1, step: 'failed' }, hide), {
    kind: 'step-started',
    at: 1,
    step: '***',
  });
});
