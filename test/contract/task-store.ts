import assert from 'node:assert/strict';
import type { TaskStore } from '../../src/ports/task-store.ts';
import type { Task } from '../../task-schemas/index.ts';
import { aTask } from '../support/fakes/task.ts';
import { checking, type StoreRig } from './checking.ts';

/** What every TaskStore promises (src/ports/task-store.ts). */
export function taskStoreContract(name: string, create: () => Promise<StoreRig<TaskStore>>): void {
  const check = checking(name, create);

  check(
    'a task is read back as it was, with its sealed secrets, by every store and in any spelling',
    async (store, rig) => {
      const stored = { task: aTask({ name: 'Nightly', tags: { team: 'Zoë "the" 🚢' } }), sealed: 'v1.abc' };
      assert.equal(await store.put(stored), true);
      assert.deepEqual(await (await rig.open()).get('nIGHTLY'), stored);
      assert.equal(await store.get('daily'), undefined);
    },
  );

  check('a change counts only on top of the revision it was made from', async (store, rig) => {
    const other = await rig.open();
    assert.equal(await store.put({ task: aTask({ revision: 2 }) }), false, 'there is no revision 1');
    await store.put({ task: aTask(), sealed: 'old' });
    assert.equal(await other.put({ task: aTask({ pool: 'again' }) }), false, 'it is there already');
    const changes = [0, 1, 2, 3].map((n) =>
      (n % 2 ? store : other).put({ task: aTask({ revision: 2, pool: `p${n}` }) }),
    );
    const won = (await Promise.all(changes)).flatMap((done, n) => (done ? [`p${n}`] : []));
    assert.equal(won.length, 1);
    assert.deepEqual(await store.get('nightly'), { task: aTask({ revision: 2, pool: won[0] ?? '' }) });
  });

  check('a task is removed at its revision, and may come anew', async (store) => {
    await store.put({ task: aTask() });
    await store.put({ task: aTask({ revision: 2 }) });
    assert.equal(await store.delete('nightly', 1), false);
    assert.equal(await store.delete('NIGHTLY', 2), true);
    assert.equal(await store.delete('nightly', 2), false);
    assert.equal(await store.get('nightly'), undefined);
    assert.deepEqual(await store.list({}), { tasks: [] });
    assert.equal(await store.put({ task: aTask({ pool: 'new' }) }), true);
  });

  check('timers are due as the task says, the earliest first, until they are moved', async (store, rig) => {
    const other = await rig.open();
    await store.put({ task: aTask({ name: 'App' }), due: { early: isNew(100), late: isNew(300) } });
    await store.put({ task: aTask({ name: 'b' }), due: { only: isNew(200) } });
    const [early, only] = await other.dueTimers(200, 10);
    assert.deepEqual(
      [early, only],
      [
        { task: 'app', timer: 'early', at: 100 },
        { task: 'b', timer: 'only', at: 200 },
      ],
    );
    assert.deepEqual(await store.dueTimers(300, 1), [early]);
    assert.ok(early !== undefined && only !== undefined);
    const moves = await Promise.all([store.moveTimer(early, 400), other.moveTimer(early, 400)]);
    assert.deepEqual(moves.sort(), [false, true], 'one of two moves it');
    assert.equal(await store.moveTimer(only, undefined), true);
    assert.deepEqual(await store.dueTimers(399, 10), [{ task: 'app', timer: 'late', at: 300 }]);
    assert.equal((await store.dueTimers(400, 10)).length, 2);
  });

  check('the timers of a task are those of its last change, and go with it', async (store) => {
    await store.put({ task: aTask(), due: { a: isNew(100), b: isNew(100) } });
    await store.put({ task: aTask({ revision: 2 }), due: { b: isNew(200), c: isNew(200) } });
    const due = async () => (await store.dueTimers(1_000, 10)).map(({ timer, at }) => `${timer} ${at}`).sort();
    assert.deepEqual(await due(), ['b 200', 'c 200']);
    assert.equal(await store.put({ task: aTask({ revision: 2 }), due: { d: isNew(1) } }), false);
    assert.deepEqual(await due(), ['b 200', 'c 200']);
    await store.delete('nightly', 2);
    assert.deepEqual(await due(), []);
  });

  check('a timer that is the same stays due when it was, whatever else of its task changes', async (store) => {
    await store.put({ task: aTask(), due: { a: isNew(100), b: isNew(100) } });
    const [first] = await store.dueTimers(100, 1);
    assert.equal(first !== undefined && (await store.moveTimer(first, 500)), true);
    const due = { a: { at: 900, isSame: true }, b: { at: 900, isSame: true }, c: { at: 900, isSame: true } };
    await store.put({ task: aTask({ revision: 2 }), due });
    const times = (await store.dueTimers(1_000, 10)).map(({ timer, at }) => [timer, at]);
    const other = first?.timer === 'a' ? 'b' : 'a';
    assert.deepEqual(times, [
      [other, 100],
      [first?.timer, 500],
      ['c', 900],
    ]);
  });

  check('a list is by name, and can be narrowed by tags', async (store) => {
    await put(store, aTask({ name: 'zeta', tags: { team: 'a', tier: '1' } }));
    await put(store, aTask({ name: 'Alpha', tags: { team: 'b' } }));
    await put(store, aTask({ name: 'beta' }));
    assert.deepEqual(await namesOf(store, {}), ['Alpha', 'beta', 'zeta']);
    assert.deepEqual(await namesOf(store, { tags: { team: '' } }), ['Alpha', 'zeta']);
    assert.deepEqual(await namesOf(store, { tags: { team: 'a', tier: '1' } }), ['zeta']);
    assert.deepEqual(await namesOf(store, { tags: { team: 'a', tier: '2' } }), []);
  });

  check('pages show each task once, also while tasks come and go', async (store) => {
    for (let n = 0; n < 25; n += 1) await put(store, aTask({ name: `t${String(n).padStart(2, '0')}` }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      if (page === 'bad-cursor') assert.fail('its own cursor');
      seen.push(...page.tasks.map((task) => task.name));
      cursor = page.nextCursor;
      if (seen.length === 10) {
        await store.delete('t09', 1);
        await put(store, aTask({ name: 't00b' }));
      }
    } while (cursor !== undefined);
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, n) => `t${String(n).padStart(2, '0')}`),
    );
    assert.equal(await store.list({ cursor: '!' }), 'bad-cursor');
  });
}

function isNew(at: number): { readonly at: number; readonly isSame: boolean } {
  return { at, isSame: false };
}

async function put(store: TaskStore, task: Task): Promise<void> {
  assert.equal(await store.put({ task }), true);
}

async function namesOf(store: TaskStore, selection: Parameters<TaskStore['list']>[0]): Promise<readonly string[]> {
  const page = await store.list(selection);
  return page === 'bad-cursor' ? assert.fail('no cursor was given') : page.tasks.map((task) => task.name);
}
