import assert from 'node:assert/strict';
import type { RunSelection, RunStore } from '../../src/ports/run-store.ts';
import type { Run, RunEvent } from '../../task-schemas/index.ts';
import { anImage, aRun, runIdOf } from '../support/fakes/run.ts';
import { type Check, checking, type StoreRig } from './checking.ts';

const claimed = { kind: 'claimed', at: 2_000, worker: 'w1' } satisfies RunEvent;
const planned = { kind: 'planned', at: 3_000, steps: [] } satisfies RunEvent;
const succeeded = { kind: 'finished', at: 4_000, result: { status: 'Succeeded' } } satisfies RunEvent;

/** What every RunStore promises (src/ports/run-store.ts). */
export function runStoreContract(name: string, create: () => Promise<StoreRig<RunStore>>): void {
  const check = checking(name, create);

  check('an inserted run is read back as it was, by every store', async (store, rig) => {
    const run = aRun({ taskName: 'hello', trigger: { kind: 'manual', by: 'Zoë "the" 🚢' } });
    assert.equal(await store.insert(run), true);
    assert.deepEqual(await (await rig.open()).get(run.id), run);
    assert.equal(await store.get('r9999999'), undefined);
  });

  check('a taken id is refused and changes nothing', async (store) => {
    await store.insert(aRun({ pool: 'first' }));
    assert.equal(await store.insert(aRun({ pool: 'second' })), false);
    assert.equal((await store.get(aRun().id))?.pool, 'first');
  });

  check('secrets are there for every store until the run has ended, and never in the record', async (store, rig) => {
    assert.equal(await store.insert(aRun(), 'v1.sealed'), true);
    assert.equal(await store.insert(aRun(), 'v1.other'), false);
    await store.insert(aRun({ id: runIdOf(2) }));
    const other = await rig.open();
    assert.deepEqual(await other.get(aRun().id), aRun());
    assert.equal(await other.secretsOf(runIdOf(2)), undefined);
    await store.apply(aRun().id, claimed);
    assert.equal(await other.secretsOf(aRun().id), 'v1.sealed', 'also for a second attempt');
    await store.apply(aRun().id, succeeded, 1);
    assert.equal(await other.secretsOf(aRun().id), undefined);
  });

  check('of many inserts of one id at once exactly one succeeds', async (store, rig) => {
    const other = await rig.open();
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => (n % 2 ? store : other).insert(aRun())));
    assert.deepEqual(answers.filter(Boolean), [true]);
  });

  check('apply goes through the state machine', async (store) => {
    await store.insert(aRun());
    const applied = await store.apply(aRun().id, claimed);
    assert.equal(applied.kind, 'applied');
    assert.deepEqual(await store.get(aRun().id), {
      ...aRun(),
      status: 'Started',
      startedAt: 2_000,
      attempt: 1,
      worker: 'w1',
    });
    await store.apply(aRun().id, succeeded, 1);
    const refused = await store.apply(aRun().id, planned, 1);
    assert.equal(refused.kind, 'refused');
    assert.match(refused.kind === 'refused' ? refused.reason : '', /ended as Succeeded/);
    assert.deepEqual(await store.apply('r9999999', claimed), { kind: 'unknown' });
  });

  check('after a new claim the older attempt is fenced and changes nothing', async (store, rig) => {
    const paused = await rig.open();
    await store.insert(aRun());
    await paused.apply(aRun().id, claimed);
    await store.apply(aRun().id, { ...claimed, worker: 'w2' });
    const before = await store.get(aRun().id);
    for (const event of [planned, succeeded, { kind: 'image-pushed', at: 5_000, image: anImage() } as const]) {
      assert.deepEqual(await paused.apply(aRun().id, event, 1), { kind: 'fenced', run: before });
    }
    assert.deepEqual(await store.get(aRun().id), before);
    assert.equal((await store.apply(aRun().id, planned, 2)).kind, 'applied');
  });

  check('events applied at the same moment by two stores all take effect', async (store, rig) => {
    const stores = [store, await rig.open()];
    await store.insert(aRun());
    await store.apply(aRun().id, claimed);
    await store.apply(aRun().id, planned, 1);
    const tags = Array.from({ length: 20 }, (_, n) => `t${n}`);
    await Promise.all(
      tags.map((tag, n) =>
        stores[n % 2]?.apply(aRun().id, { kind: 'image-pushed', at: 5_000, image: anImage({ tag }) }, 1),
      ),
    );
    const run = await store.get(aRun().id);
    assert.deepEqual(run?.outputImages.map((image) => image.tag).sort(), [...tags].sort());
  });

  check('of two claims at the same moment each has an attempt of its own', async (store, rig) => {
    const other = await rig.open();
    await store.insert(aRun());
    const answers = await Promise.all([store.apply(aRun().id, claimed), other.apply(aRun().id, claimed)]);
    assert.deepEqual(answers.map((answer) => (answer.kind === 'applied' ? answer.run.attempt : 0)).sort(), [1, 2]);
  });

  listContract(check);
  watchContract(check);
}

function listContract(check: Check<RunStore>): void {
  check('a list is newest first, by queue time, then id', async (store) => {
    for (const [id, queuedAt] of [
      ['r0000002', 5],
      ['r0000001', 1_700_000_000_000],
      ['r0000003', 5],
    ] as const) {
      await store.insert(aRun({ id, queuedAt }));
    }
    assert.deepEqual(await idsOf(store, {}), ['r0000001', 'r0000003', 'r0000002']);
  });

  check('an empty store lists an empty last page', async (store) => {
    assert.deepEqual(await store.list({}), { runs: [] });
  });

  check('filters', async (store) => {
    await store.insert(aRun({ id: runIdOf(1), queuedAt: 1_000, taskName: 'build' }));
    await store.insert(aRun({ id: runIdOf(2), queuedAt: 2_000, taskName: 'build' }));
    await store.insert(aRun({ id: runIdOf(3), queuedAt: 3_000, taskName: 'test' }));
    await store.insert(aRun({ id: runIdOf(4), queuedAt: 4_000 }));
    await store.apply(runIdOf(2), claimed);
    await store.apply(runIdOf(2), planned, 1);
    await store.apply(runIdOf(2), { kind: 'image-pushed', at: 1, image: anImage() }, 1);
    await store.apply(runIdOf(3), claimed);
    await store.apply(runIdOf(3), succeeded, 1);
    const cases: readonly (readonly [RunSelection, readonly number[]])[] = [
      [{ status: ['Queued'] }, [4, 1]],
      [{ status: ['Queued', 'Succeeded'] }, [4, 3, 1]],
      [{ status: ['Running'] }, [2]],
      [{ status: ['Started'] }, []],
      [{ status: [] }, []],
      [{ task: 'build' }, [2, 1]],
      [{ task: 'bui' }, []],
      [{ task: 'build', status: ['Running'] }, [2]],
      [{ image: 'team/hello' }, [2]],
      [{ image: 'localhost:5000/team/hello' }, [2]],
      [{ image: 'team/hello:v1' }, [2]],
      [{ image: 'localhost:5000/team/hello:v1' }, [2]],
      [{ image: 'team/hello:v2' }, []],
      [{ image: 'hello' }, []],
      [{ image: 'team/hello', task: 'test' }, []],
      [{ since: 2_000 }, [4, 3, 2]],
      [{ until: 2_000 }, [2, 1]],
      [{ since: 2_000, until: 3_000, status: ['Running', 'Succeeded'] }, [3, 2]],
      [{ since: 4_001 }, []],
      [{ since: 1_001, until: 1_999 }, []],
      [{ until: Number.MAX_SAFE_INTEGER }, [4, 3, 2, 1]],
    ];
    for (const [query, expected] of cases) {
      assert.deepEqual(await idsOf(store, query), expected.map(runIdOf), JSON.stringify(query));
    }
  });

  check('an image that a lost attempt pushed is no longer found', async (store) => {
    await store.insert(aRun());
    await store.apply(aRun().id, claimed);
    await store.apply(aRun().id, planned, 1);
    await store.apply(aRun().id, { kind: 'image-pushed', at: 1, image: anImage() }, 1);
    await store.apply(aRun().id, claimed);
    assert.deepEqual(await idsOf(store, { image: 'team/hello' }), []);
  });

  check('runs whose log is due: ended, and not archived yet', async (store) => {
    for (const n of [1, 2, 3]) await store.insert(aRun({ id: runIdOf(n), queuedAt: n }));
    for (const n of [1, 2]) await store.apply(runIdOf(n), { kind: 'cancel-requested', at: 5, by: 'ada' });
    assert.deepEqual(await idsOf(store, { logDue: true }), [runIdOf(2), runIdOf(1)]);
    assert.deepEqual(await idsOf(store, { logDue: true, until: 1, status: ['Canceled'] }), [runIdOf(1)]);
    await store.apply(runIdOf(2), { kind: 'log-archived', at: 6 });
    assert.deepEqual(await idsOf(store, { logDue: true }), [runIdOf(1)]);
  });

  check('pages show every run once, also while runs are added', async (store) => {
    for (let n = 1; n <= 25; n++) await store.insert(aRun({ id: runIdOf(n), queuedAt: 1_000 + Math.floor(n / 3) }));
    const seen: string[] = [];
    let added = 100;
    for (let cursor: string | undefined, pages = 0; pages < 50; pages++) {
      const page = await pageOf(store, { limit: 4, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.runs.map((run) => run.id));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
      await store.insert(aRun({ id: runIdOf(added), queuedAt: 1_000 + added }));
      added++;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, n) => runIdOf(25 - n)),
    );
  });

  check('pages of several filters and statuses are complete, also while runs move between them', async (store) => {
    for (let n = 1; n <= 30; n++) {
      await store.insert(aRun({ id: runIdOf(n), queuedAt: n, ...(n % 3 ? { taskName: 'build' } : {}) }));
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let n = 1; n <= 30; n++) {
      const query: RunSelection = { limit: 3, task: 'build', status: ['Queued', 'Started'] };
      const page = await pageOf(store, cursor === undefined ? query : { ...query, cursor });
      seen.push(...page.runs.map((run) => run.id));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
      await store.apply(runIdOf(n), claimed);
    }
    const expected = Array.from({ length: 30 }, (_, n) => 30 - n).filter((n) => n % 3 > 0);
    assert.deepEqual(seen, expected.map(runIdOf));
  });

  check('a page that is exactly full is the last one', async (store) => {
    for (let n = 1; n <= 4; n++) await store.insert(aRun({ id: runIdOf(n) }));
    assert.equal((await pageOf(store, { limit: 4 })).nextCursor, undefined);
    assert.notEqual((await pageOf(store, { limit: 3 })).nextCursor, undefined);
  });

  check('an unreadable cursor is told', async (store) => {
    for (const cursor of ['', 'x', '!!!', 'MTIzNDU2Nzg5MDEyMzpyMDAwMDAwMSA']) {
      assert.equal(await store.list({ cursor }), 'bad-cursor', cursor);
    }
  });
}

function watchContract(check: Check<RunStore>): void {
  check('watch shows the record now, then each change by any store, the last one always', async (store, rig) => {
    const writer = await rig.open();
    await store.insert(aRun());
    const stop = new AbortController();
    const statuses: string[] = [];
    for await (const run of store.watch(aRun().id, stop.signal)) {
      statuses.push(run.status);
      if (run.status === 'Queued') await writer.apply(aRun().id, claimed);
      if (run.status === 'Started') await writer.apply(aRun().id, planned, 1);
      if (run.status === 'Running') await writer.apply(aRun().id, succeeded, 1);
      if (run.status === 'Succeeded') stop.abort();
    }
    assert.deepEqual(statuses, ['Queued', 'Started', 'Running', 'Succeeded']);
  });

  check('no change is lost when it comes right with the begin of a watch', async (store, rig) => {
    const writer = await rig.open();
    for (let n = 1; n <= 20; n++) {
      await store.insert(aRun({ id: runIdOf(n) }));
      const stop = new AbortController();
      const applied = writer.apply(runIdOf(n), claimed);
      for await (const run of store.watch(runIdOf(n), stop.signal)) if (run.status === 'Started') stop.abort();
      await applied;
    }
  });

  check('two watchers of one run both see the end; one that stops does not disturb the other', async (store, rig) => {
    const writer = await rig.open();
    await store.insert(aRun());
    const first = new AbortController();
    const second = new AbortController();
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const watchers = [
      lastOf(store.watch(aRun().id, first.signal), () => first.abort()),
      lastOf(store.watch(aRun().id, second.signal), (run) => {
        hasBegun();
        if (run.status === 'Succeeded') second.abort();
      }),
    ];
    await Promise.all([watchers[0], begun]);
    await writer.apply(aRun().id, claimed);
    await writer.apply(aRun().id, succeeded, 1);
    assert.equal((await watchers[1])?.status, 'Succeeded');
  });

  check('watch ends at once for an unknown run and for an aborted signal', async (store) => {
    assert.equal(await lastOf(store.watch('r9999999', new AbortController().signal)), undefined);
    await store.insert(aRun());
    assert.equal(await lastOf(store.watch(aRun().id, AbortSignal.abort())), undefined);
  });

  check('close ends the watchers without error', async (store) => {
    await store.insert(aRun());
    const last = await lastOf(store.watch(aRun().id, new AbortController().signal), () => void store.close());
    assert.equal(last?.status, 'Queued');
  });

  check('ping answers', async (store) => {
    await store.ping();
  });
}

async function pageOf(store: RunStore, query: RunSelection) {
  const page = await store.list(query);
  assert.ok(page !== 'bad-cursor');
  return page;
}

async function idsOf(store: RunStore, query: RunSelection): Promise<readonly string[]> {
  return (await pageOf(store, query)).runs.map((run) => run.id);
}

async function lastOf(runs: AsyncIterable<Run>, onEach: (run: Run) => void = () => {}): Promise<Run | undefined> {
  let last: Run | undefined;
  for await (const run of runs) {
    last = run;
    onEach(run);
  }
  return last;
}
