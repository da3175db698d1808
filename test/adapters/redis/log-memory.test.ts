import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedisLogStore } from '../../../src/adapters/redis/log-store.ts';
import { createRedisRunStore } from '../../../src/adapters/redis/run-store.ts';
import type { NewLogLines } from '../../../src/ports/log-store.ts';
import { aRun } from '../../support/fakes/run.ts';
import { createRedisRig } from './rig.ts';

const LIMIT = 1024 * 1024;
/** What docs/operations.md states: with all that Redis needs around it, a log takes at most 1.3 times its limit. */
const MOST = 1.3 * LIMIT;
const AT_ONCE = 500;

const at = 1_790_000_000_000;
const step = 'a-step-with-quite-a-long-name';
const worst: readonly { name: string; chunk(n: number): NewLogLines }[] = [
  {
    name: 'empty lines, each a chunk of its own',
    chunk: (n) => ({ at, step, stream: n % 2 ? 'stdout' : 'stderr', text: '' }),
  },
  {
    name: 'short lines of many steps',
    chunk: (n) => ({ at: at + n, step: `${step}-${n}`, stream: 'stdout', text: `${n}` }),
  },
  { name: 'full chunks', chunk: () => ({ at, step, stream: 'stdout', text: `${'x'.repeat(79)}\n`.repeat(800) }) },
];

for (const { name, chunk } of worst) {
  test(`Redis does not grow beyond the stated bound: ${name}`, async () => {
    const rig = createRedisRig();
    try {
      const connection = await rig.connect();
      const store = createRedisLogStore({ connection, limitBytes: LIMIT });
      const run = aRun();
      await createRedisRunStore({ connection }).insert(run);
      await createRedisRunStore({ connection }).apply(run.id, { kind: 'claimed', at, worker: 'w' });
      for (let n = 0, full = false; !full; n += AT_ONCE) {
        const chunks = Array.from({ length: AT_ONCE }, (_, index) => chunk(n + index));
        const some = name === 'full chunks' ? chunks.slice(0, 1) : chunks;
        full = (await store.append(run.id, 1, some)).kind === 'full';
      }
      const bytes = await connection.client.memory('USAGE', connection.keys.log(run.id), 'SAMPLES', 0);
      assert.ok(bytes !== null && bytes <= MOST, `${bytes} bytes`);
      assert.ok(bytes >= LIMIT / 4, `only ${bytes} bytes: the limit is counted too high`);
    } finally {
      await rig.close();
    }
  });
}
