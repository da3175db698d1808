import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { allOf } from '../../../workers/engine/all-of.ts';

test('all values are answered in their order', async () => {
  assert.deepEqual(await allOf([Promise.resolve(1), 'two', Promise.resolve(undefined)]), [1, 'two', undefined]);
});

test('when one rejects, the others are waited for all the same', async () => {
  let end = () => {};
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  });
  const order: string[] = [];
  const all = allOf([Promise.reject(new Error('first')), slow.then(() => order.push('slow'))]).catch((error: Error) => {
    order.push(error.message);
  });
  await tick();
  assert.deepEqual(order, []);
  end();
  await all;
  assert.deepEqual(order, ['slow', 'first']);
});
