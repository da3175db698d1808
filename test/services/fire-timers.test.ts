import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FireTimersDeps, fireTimers } from '../../src/services/fire-timers.ts';
import { changeTask, saveTask } from '../../src/services/stored-tasks.ts';
import type { Decision, Run, TaskDefinition } from '../../task-schemas/index.ts';
import { aWorld, type World } from './a-world.ts';

const HOUR = 3_600_000;
const request = {
  kind: 'encoded-task',
  source: { kind: 'none' },
  taskText: 'steps:\n  - cmd: busybox true\n',
} as const;
const hourly: TaskDefinition = { request, timers: [{ name: 'hourly', schedule: '0 * * * *' }] };

async function worldWith(definition: TaskDefinition = hourly): Promise<World> {
  const world = aWorld();
  world.clock.now = Date.parse('2026-01-10T11:30Z');
  await saveTask('App', definition, world);
  return world;
}

async function runsOf(world: World): Promise<readonly Run[]> {
  const page = await world.runStore.list({});
  return page === 'bad-cursor' ? assert.fail('no cursor was given') : page.runs;
}

async function ledgerOf(world: World): Promise<readonly Decision[]> {
  const page = await world.decisionStore.list({});
  return page === 'bad-cursor' ? assert.fail('no cursor was given') : page.decisions;
}

test('a task runs when its timer is due, once for each time, and the ledger says why', async () => {
  const world = await worldWith();
  assert.deepEqual(await fireTimers(world), []);
  world.clock.now += HOUR / 2;
  const noon = world.clock.now;
  const [decision] = await fireTimers(world);
  assert.deepEqual(await fireTimers(world), [], 'not again for the same time');
  const [run] = await runsOf(world);
  assert.deepEqual([run?.taskName, run?.trigger], ['App', { kind: 'timer', timer: 'hourly', due: noon }]);
  assert.deepEqual(decision?.occurrence, { kind: 'timer', timer: 'hourly', due: noon });
  assert.deepEqual(
    decision?.verdicts.map(({ task, outcome, runId }) => [task, outcome, runId]),
    [['App', 'run', run?.id]],
  );
  assert.deepEqual(await ledgerOf(world), [decision]);
  world.clock.now += HOUR;
  await fireTimers(world);
  assert.equal((await runsOf(world)).length, 2);
});

test('many processes at once give one run', async () => {
  const world = await worldWith();
  world.clock.now += HOUR;
  const answers = await Promise.all(Array.from({ length: 8 }, () => fireTimers(world)));
  assert.equal(answers.flat().length, 1, 'one of them did it');
  assert.equal((await runsOf(world)).length, 1);
  assert.equal((await ledgerOf(world)).length, 1);
});

test('wherever a process is killed, there is one run and one decision in the end, and the timer goes on', async () => {
  let survived = 0;
  for (let calls = 0; survived === 0; calls += 1) {
    const world = await worldWith();
    world.clock.now += HOUR;
    const killed = await fireTimers(killedAfter(calls, world)).then(
      () => false,
      () => true,
    );
    if (!killed) survived = calls;
    await fireTimers(world);
    const runs = await runsOf(world);
    assert.equal(runs.length, 1, `killed after ${calls} calls`);
    const ledger = await ledgerOf(world);
    assert.deepEqual(
      ledger.map(({ verdicts }) => verdicts[0]?.runId),
      [runs[0]?.id],
    );
    assert.deepEqual(await world.taskStore.dueTimers(world.clock.now, 9), []);
    assert.equal((await world.taskStore.dueTimers(world.clock.now + HOUR, 9)).length, 1);
  }
  assert.ok(survived >= 4, `the stores were asked ${survived} times`);
});

test('a task that cannot run is refused with its reason, and the others run all the same', async () => {
  const world = await worldWith({ ...hourly, request: { ...request, taskText: 'steps: 7' } });
  await saveTask('sealed', { ...hourly, secrets: { set: { a: 'x' } } }, { ...world, secretBox: otherBox(world) });
  await saveTask('Good', hourly, world);
  world.clock.now += HOUR;
  const decisions = await fireTimers(world);
  const verdicts = Object.fromEntries(decisions.map(({ verdicts: [one] }) => [one?.task, one]));
  assert.deepEqual(
    [verdicts.App?.outcome, verdicts.sealed?.outcome, verdicts.Good?.outcome],
    ['refused', 'refused', 'run'],
  );
  assert.match(verdicts.App?.rules.at(-1)?.reason ?? '', /steps/);
  assert.match(verdicts.sealed?.rules.at(-1)?.reason ?? '', /secrets cannot be read/);
  assert.deepEqual(await fireTimers(world), []);
});

test('a timer that is due stays due when something else of its task changes', async () => {
  const world = await worldWith();
  world.clock.now += HOUR / 2;
  const noon = world.clock.now;
  world.clock.now += 400;
  await changeTask('App', { secrets: { set: { a: 'x' } } }, world);
  const [decision] = await fireTimers(world);
  assert.deepEqual(decision?.occurrence, { kind: 'timer', timer: 'hourly', due: noon });
  assert.equal((await runsOf(world)).length, 1);
});

test('a fault of one timer keeps no other from firing', async () => {
  const world = await worldWith();
  await saveTask('Broken', hourly, world);
  world.clock.now += HOUR;
  const { taskStore } = world;
  const get = async (name: string) => {
    if (name === 'broken') throw new Error('unreadable');
    return taskStore.get(name);
  };
  await assert.rejects(fireTimers({ ...world, taskStore: { ...taskStore, get } }), /1 timers could not be fired/);
  assert.deepEqual(
    (await runsOf(world)).map(({ taskName }) => taskName),
    ['App'],
  );
});

test('a task that was deleted and made anew is another one', async () => {
  const world = await worldWith();
  world.clock.now += HOUR / 2;
  await fireTimers(world);
  await world.taskStore.delete('App', 1);
  world.clock.now -= 1;
  await saveTask('App', hourly, world);
  world.clock.now += 1;
  await fireTimers(world);
  assert.equal((await runsOf(world)).length, 2);
});

/** The stores of a process that is killed when it has asked them so many times. */
function killedAfter(calls: number, world: World): FireTimersDeps {
  let left = calls;
  const mortal = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          left -= 1;
          if (left < 0) throw new Error('killed');
          return Reflect.apply(value, target, args);
        };
      },
    });
  const { runStore, taskStore, decisionStore } = world;
  return {
    ...world,
    runStore: mortal(runStore),
    taskStore: mortal(taskStore),
    decisionStore: mortal(decisionStore),
  };
}

function otherBox({ secretBox }: World): World['secretBox'] {
  return { ...secretBox, seal: () => 'v1.00000000.abcd' };
}
