import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildTimes } from '../../../src/ports/build-times.ts';
import { openBuildSavings } from '../../../workers/engine/build-savings.ts';
import { createMemoryBuildTimes } from '../../support/fakes/build-times.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';

const step = buildStep('b', { images: ['r.test/app:1'] });
const ran = { stage: '', place: 2, text: 'RUN make', cached: false, seconds: 4 };
const found = { ...ran, cached: true, seconds: 0 };

/** Settles a build; answers the seconds, after all that the room keeps track of has ended. */
async function settle(buildTimes: BuildTimes | undefined, instruction: typeof ran, of = step) {
  const kept: Promise<unknown>[] = [];
  const savings = openBuildSavings(of, { buildTimes, keepTrack: (work) => void kept.push(work) });
  const seconds = await savings.settle([instruction]);
  await Promise.all(kept);
  return { seconds, kept: kept.length };
}

test('a build that ran is remembered for the next one that finds its layers', async () => {
  const times = createMemoryBuildTimes();
  assert.deepEqual(await settle(times, ran), { seconds: undefined, kept: 1 });
  assert.deepEqual(await settle(times, found), { seconds: 4, kept: 1 });
});

test('where nothing is remembered nothing is said', async () => {
  assert.deepEqual(await settle(undefined, found), { seconds: undefined, kept: 0 });
  const times = createMemoryBuildTimes();
  const unnamed = buildStep('b');
  await settle(times, ran, unnamed);
  assert.deepEqual(await settle(times, found, unnamed), { seconds: undefined, kept: 0 });
  assert.deepEqual(await settle(times, found), { seconds: undefined, kept: 0 });
});

test('a store that is away costs the number and nothing else', async () => {
  const away = async () => Promise.reject(new Error('Redis does not answer'));
  assert.deepEqual(await settle({ read: away, note: away }, ran), { seconds: undefined, kept: 1 });
});

test('a store that never answers is not waited for', { timeout: 30_000 }, async () => {
  const silent = () => new Promise<never>(() => {});
  assert.deepEqual(await settle({ read: silent, note: silent }, ran), { seconds: undefined, kept: 1 });
});
