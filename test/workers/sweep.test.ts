import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepEngine } from '../../src/ports/step-engine.ts';
import { startSweep } from '../../workers/sweep.ts';
import { aRun, runIdOf } from '../support/fakes/run.ts';
import { createMemoryRunStore } from '../support/fakes/run-store.ts';
import { createFakeStepEngine } from '../support/fakes/step-engine.ts';

async function swept(sweep: StepEngine['sweep']): Promise<string[]> {
  const runStore = createMemoryRunStore();
  await runStore.insert(aRun({ id: runIdOf(1), status: 'Running', attempt: 2 }));
  await runStore.insert(aRun({ id: runIdOf(2), status: 'Succeeded', attempt: 1 }));
  const said: string[] = [];
  const say = (fields: object, message: string) => void said.push(`${JSON.stringify(fields)} ${message}`);
  const sweeping = startSweep({
    engine: { ...createFakeStepEngine(), sweep },
    sourceDirectory: '/no/such/folder',
    removal: { isRemoving: () => false },
    runStore,
    operatorLog: { info: say, warn: say, error: say },
  });
  await sweeping.close();
  return said;
}

test('only the current attempt of a run that goes on is alive', async () => {
  const alive: boolean[] = [];
  await swept(async (isAlive) => {
    for (const [n, attempt] of [
      [1, 2],
      [1, 1],
      [2, 1],
      [3, 1],
    ] as const)
      alive.push(await isAlive(runIdOf(n), attempt));
    return [];
  });
  assert.deepEqual(alive, [true, false, false, false]);
});

test('what was removed is told, and so is an engine that does not answer', async () => {
  assert.match((await swept(async () => [runIdOf(9)])).join(), /r0000009.*removed/);
  assert.match((await swept(async () => Promise.reject(new Error('away')))).join(), /tried again/);
});
