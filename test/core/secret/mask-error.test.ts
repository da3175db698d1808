import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { maskError } from '../../../src/core/secret/mask-error.ts';

const hide = (text: string) => text.replaceAll('hush', '***');

test('message, stack, code and causes stay, without secrets', () => {
  const cause = Object.assign(new TypeError('no hush here'), { code: 'E_X', request: { authorization: 'hush' } });
  const error = new Error('it broke: hush', { cause });
  const masked = maskError(error, hide);
  assert.equal(masked.message, 'it broke: ***');
  assert.equal(masked.stack, hide(error.stack ?? ''));
  assert.ok(masked.cause instanceof Error);
  assert.deepEqual(
    [masked.cause.name, masked.cause.message, 'code' in masked.cause && masked.cause.code],
    ['TypeError', 'no *** here', 'E_X'],
  );
  assert.doesNotMatch(inspect(masked, { depth: 9 }), /hush/);
  assert.match(error.message, /hush/, 'the error itself is not touched');
});

test('errors that came together are all there', () => {
  const masked = maskError(new AggregateError([new Error('first hush'), 'second hush'], 'both'), hide);
  assert.match(inspect(masked), /first \*\*\*[\s\S]*second \*\*\*/);
});

test('a chain of causes without end has one', () => {
  const error = new Error('round');
  error.cause = new Error('and round', { cause: error });
  assert.match(inspect(maskError(error, hide), { depth: 2 }), /round[\s\S]*and round/);
});

test('what is no error becomes one', () => {
  assert.equal(maskError('hush!', hide).message, '***!');
  assert.equal(maskError(undefined, hide).message, 'undefined');
});
