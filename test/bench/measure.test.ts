import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure } from '../../bench/bench.ts';
import { measure } from '../../bench/measure.ts';

const never = new AbortController().signal;

test('sides follow one another, take turns in being first, and the first pair does not count', async () => {
  const done: string[] = [];
  const figure: Figure = {
    name: 'x',
    about: '',
    prepare: async (side, round) => ({
      work: async () => void done.push(`${side} ${round}`),
      check: async () => void done.push('checked'),
    }),
  };
  let told = 0;
  const { comparison } = await measure(figure, 2, () => told++, never);
  assert.deepEqual(
    done.filter((what) => what !== 'checked'),
    ['ours 0', 'baseline 0', 'baseline 1', 'ours 1', 'ours 2', 'baseline 2'],
  );
  assert.equal(done.length, 12);
  assert.equal(comparison.runs, 2);
  assert.equal(told, 2);
});

test('a side that fails, or whose check does, ends the measuring', async () => {
  const broken = async () => {
    throw new Error('lines are missing');
  };
  const figures: readonly Figure[] = [
    { name: 'x', about: '', prepare: async () => ({ work: broken }) },
    { name: 'x', about: '', prepare: async () => ({ work: async () => undefined, check: broken }) },
  ];
  for (const figure of figures)
    await assert.rejects(
      measure(figure, 7, () => undefined, never),
      /lines are missing/,
    );
});

test('an abort ends the measuring before the next side', async () => {
  const stop = new AbortController();
  let works = 0;
  const work = async () => {
    works += 1;
    stop.abort(new Error('enough'));
  };
  const figure: Figure = { name: 'x', about: '', prepare: async () => ({ work }) };
  await assert.rejects(
    measure(figure, 7, () => undefined, stop.signal),
    /enough/,
  );
  assert.equal(works, 1);
});
