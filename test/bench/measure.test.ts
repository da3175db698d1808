import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../../bench/bench.ts';
import { measure } from '../../bench/measure.ts';

const never = new AbortController().signal;
const alone = { settled: async () => undefined, onPair: () => undefined };

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
  const { comparison } = await measure(figure, 2, { ...alone, onPair: () => told++ }, never);
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
  for (const figure of figures) await assert.rejects(measure(figure, 7, alone, never), /lines are missing/);
});

test('an abort ends the measuring before the next side', async () => {
  const stop = new AbortController();
  let works = 0;
  const work = async () => {
    works += 1;
    stop.abort(new Error('enough'));
  };
  const figure: Figure = { name: 'x', about: '', prepare: async () => ({ work }) };
  await assert.rejects(measure(figure, 7, alone, stop.signal), /enough/);
  assert.equal(works, 1);
});

test('what the side before still does is waited for after the preparation, and not timed', async () => {
  const done: string[] = [];
  const figure: Figure = {
    name: 'x',
    about: '',
    atMost: 2,
    async prepare() {
      done.push('prepared');
      return { work: async () => void done.push('worked') };
    },
  };
  const settled = async () => {
    await sleep(50);
    done.push('settled');
  };
  const { atMost, comparison } = await measure(figure, 1, { ...alone, settled }, never);
  assert.deepEqual(done.slice(0, 4), ['prepared', 'settled', 'worked', 'prepared']);
  assert.ok(comparison.ours.max < 0.05 && comparison.baseline.max < 0.05);
  assert.equal(atMost, 2);
});
