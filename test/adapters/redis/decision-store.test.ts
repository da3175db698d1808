import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedisDecisionStore } from '../../../src/adapters/redis/decision-store.ts';
import { decisionStoreContract } from '../../contract/decision-store.ts';
import { createRedisRig } from './rig.ts';

decisionStoreContract('redis decision store', async () => {
  const rig = createRedisRig();
  return { open: async () => createRedisDecisionStore({ connection: await rig.connect() }), close: rig.close };
});

test('what is too old is gone from the lists when something new comes', async () => {
  const rig = createRedisRig();
  try {
    const connection = await rig.connect();
    const store = createRedisDecisionStore({ connection, lifeMs: 60_000 });
    const decision = (id: string, at: number) => ({
      id: `d${id.padStart(15, '0')}`,
      at,
      occurrence: { kind: 'timer', timer: 't', due: at } as const,
      verdicts: [{ task: 'app', outcome: 'skipped' as const, rules: [] }],
    });
    await store.record(decision('1', 1_000));
    await store.record(decision('2', 50_000));
    await store.record(decision('3', 62_000));
    for (const index of [connection.keys.allDecisions, connection.keys.decisionsByTask('app')]) {
      const members = await connection.client.zrange(index, 0, -1);
      assert.deepEqual(
        members.map((member) => member.at(-1)),
        ['2', '3'],
      );
    }
    const ttl = await connection.client.pttl(connection.keys.decision(decision('2', 0).id));
    assert.ok(ttl > 0 && ttl <= 60_000, `${ttl} ms`);
  } finally {
    await rig.close();
  }
});
