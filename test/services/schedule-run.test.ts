import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueueReconciler } from '../../src/services/reconcile-queue.ts';
import { scheduleRun } from '../../src/services/schedule-run.ts';
import type { RunRequest } from '../../task-schemas/index.ts';
import { aRun, runIdOf } from '../support/fakes/run.ts';
import { aWorld } from './a-world.ts';

const request: RunRequest = { kind: 'task-file', source: { kind: 'none' }, taskFile: 'task.yaml' };
const trigger = { kind: 'manual', by: 'ada' } as const;
const gone = () => Promise.reject(new Error('Redis is gone'));

test('record, first line and job are there when it answers', async () => {
  const world = aWorld();
  const scheduled = await scheduleRun(world, { request, trigger });
  assert.ok(scheduled.kind === 'scheduled');
  assert.deepEqual(world.runStore.peek('r0000001'), scheduled.run);
  assert.deepEqual(await world.logStore.read('r0000001', 0, 9), [
    { first: 1, last: 1, at: 1_000_000, attempt: 0, stream: 'engine', text: 'Queued a run with ID: r0000001' },
  ]);
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 1, active: 0 });
});

test('the line is there before a worker can take the job', async () => {
  const world = aWorld();
  const lengths: number[] = [];
  const runQueue = {
    ...world.runQueue,
    enqueue: async () => void lengths.push((await world.logStore.read('r0000001', 0, 9)).length),
  };
  await scheduleRun({ ...world, runQueue }, { request, trigger });
  assert.deepEqual(lengths, [1]);
});

test('a crash between record and job is mended once', async () => {
  const world = aWorld();
  const scheduled = await scheduleRun(
    { ...world, runQueue: { ...world.runQueue, enqueue: gone } },
    { request, trigger },
  );
  assert.equal(scheduled.kind, 'scheduled', 'the run is recorded: a user told otherwise would schedule it twice');
  assert.match(world.told.join(), /r0000001: the run is recorded but not queued yet.*Redis is gone/);
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 0, active: 0 });

  world.clock.now += 10_000;
  const [one, two] = [createQueueReconciler(world), createQueueReconciler(world)];
  await Promise.all([one.pass(), two.pass()]);
  await one.pass();
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 1, active: 0 });
});

test('a record that cannot be written is a fault', async () => {
  const world = aWorld();
  const deps = { ...world, runStore: { ...world.runStore, insert: gone } };
  await assert.rejects(scheduleRun(deps, { request, trigger }), /Redis is gone/);
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 0, active: 0 });
});

test('an id that is taken is not used again', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: runIdOf(1), taskName: 'mine' }));
  const scheduled = await scheduleRun(world, { request, trigger });
  assert.equal(scheduled.kind === 'scheduled' && scheduled.run.id, runIdOf(2));
  assert.equal(world.runStore.peek(runIdOf(1))?.taskName, 'mine');
});

test('ids that are always taken are a fault, not an endless loop', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: runIdOf(1) }));
  await assert.rejects(
    scheduleRun({ ...world, newRunId: () => runIdOf(1) }, { request, trigger }),
    /8 new run ids in a row/,
  );
});

const invalid: readonly { name: string; request: RunRequest; kind: string }[] = [
  {
    name: 'a task with an unknown step type',
    request: { kind: 'encoded-task', source: { kind: 'none' }, taskText: 'steps:\n  - biuld: .\n' },
    kind: 'invalid',
  },
  {
    name: 'a build whose image name is none',
    request: { kind: 'docker-build', source: { kind: 'none' }, images: ['Not A Name'] },
    kind: 'invalid',
  },
  {
    name: 'an upload that is not there',
    request: { ...request, source: { kind: 'upload', uploadId: 'u000000000000007' } },
    kind: 'unknown-upload',
  },
];

for (const { name, request: wrong, kind } of invalid) {
  test(`${name} is refused and nothing is recorded`, async () => {
    const world = aWorld();
    const scheduled = await scheduleRun(world, { request: wrong, trigger });
    assert.equal(scheduled.kind, kind);
    if (scheduled.kind === 'invalid') assert.ok(scheduled.diagnostics.some((found) => found.severity === 'error'));
    assert.deepEqual(await world.runStore.list({}), { runs: [] });
  });
}

test('a task that needs files of its source is compiled by the worker, which has them', async () => {
  const taskText = 'version: v1.1.0\nalias: {src: [a.yaml]}\nsteps: [{cmd: $image}]';
  const scheduled = await scheduleRun(aWorld(), {
    request: { kind: 'encoded-task', source: { kind: 'none' }, taskText },
    trigger,
  });
  assert.equal(scheduled.kind, 'scheduled');
});
