import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasTags } from '../../../src/core/task/select-tasks.ts';

test('all wanted tags must be there; an empty value takes any', () => {
  const task = { tags: { team: 'a', tier: '1' } };
  assert.equal(hasTags(task), true);
  assert.equal(hasTags(task, { team: 'a', tier: '' }), true);
  assert.equal(hasTags(task, { team: 'a', tier: '2' }), false);
  assert.equal(hasTags(task, { other: '' }), false);
  assert.equal(hasTags({}, { team: '' }), false);
});
