import assert from 'node:assert/strict';
import type { DecisionStore } from '../../src/ports/decision-store.ts';
import type { Decision } from '../../task-schemas/index.ts';
import { checking, type StoreRig } from './checking.ts';

/** What every DecisionStore promises (src/ports/decision-store.ts). */
export function decisionStoreContract(name: string, create: () => Promise<StoreRig<DecisionStore>>): void {
  const check = checking(name, create);

  check('a decision is read back as it was, and written once', async (store, rig) => {
    const decision = aDecision(1);
    await store.record(decision);
    await (await rig.open()).record({ ...decision, verdicts: [] });
    assert.deepEqual(await store.get(decision.id), decision);
    assert.equal(await store.get(idOf(9)), undefined);
    assert.deepEqual(await store.list({}), { decisions: [decision] });
  });

  check('a list is newest first, of all or of one task in any spelling', async (store) => {
    const of = (n: number, ...tasks: string[]) => ({ ...aDecision(n), verdicts: tasks.map(verdictOn) });
    for (const one of [of(2, 'App', 'web'), of(3, 'web'), of(1, 'app')]) await store.record(one);
    assert.deepEqual(await idsIn(store, {}), [3, 2, 1].map(idOf));
    assert.deepEqual(await idsIn(store, { task: 'APP' }), [2, 1].map(idOf));
    assert.deepEqual(await idsIn(store, { task: 'none' }), []);
  });

  check('pages show each decision once, also while others are made', async (store) => {
    for (let n = 1; n <= 25; n += 1) await store.record(aDecision(n));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      if (page === 'bad-cursor') assert.fail('its own cursor');
      seen.push(...page.decisions.map(({ id }) => id));
      cursor = page.nextCursor;
      await store.record(aDecision(seen.length + 100));
    } while (cursor !== undefined);
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, n) => idOf(25 - n)),
    );
    assert.equal(await store.list({ cursor: 'x' }), 'bad-cursor');
  });
}

function aDecision(n: number): Decision {
  return {
    id: idOf(n),
    at: 1_000 + n,
    occurrence: { kind: 'timer', timer: 'nightly', due: 1_000 },
    verdicts: [verdictOn('app')],
  };
}

function verdictOn(task: string): Decision['verdicts'][number] {
  return { task, outcome: 'run', runId: 'r0000001', rules: [{ rule: 'on-time', passed: true, reason: 'Zoë 🚢' }] };
}

function idOf(n: number): string {
  return `d${String(n).padStart(15, '0')}`;
}

async function idsIn(
  store: DecisionStore,
  selection: Parameters<DecisionStore['list']>[0],
): Promise<readonly string[]> {
  const page = await store.list(selection);
  return page === 'bad-cursor' ? assert.fail('no cursor was given') : page.decisions.map(({ id }) => id);
}
