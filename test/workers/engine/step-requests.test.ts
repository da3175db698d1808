import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { createDockerEngine } from '../../../workers/engine/docker-engine.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { noContexts } from '../../support/fakes/context-fetcher.ts';
import { cmdStep, planOf } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { nothingHidden } from '../../support/fakes/show-all.ts';
import { realParts } from '../../support/real-parts.ts';
import { startCountingEngine } from './counting-engine.ts';
import { newRunId, sourceWith } from './real-engine.ts';

const STEPS = 5;

test('a step costs five requests, and what steps share is made once', async () => {
  const counting = await startCountingEngine(realParts().dockerHost);
  const source = await sourceWith({});
  const engine = createDockerEngine({
    dockerHost: counting.dockerHost,
    policy: STRICT_POLICY,
    registries: createMemoryRegistries(),
    installation: `test-${process.pid}`,
    now: Date.now,
  });
  try {
    const steps = Array.from({ length: STEPS }, (_, n) =>
      cmdStep(`s${n}`, { args: ['true'], dependsOn: n === 0 ? [] : [`s${n - 1}`] }),
    );
    const signal = AbortSignal.timeout(60_000);
    const request = {
      plan: planOf(newRunId(), ...steps),
      attempt: 1,
      sourceDirectory: source,
      fetchContext: noContexts,
      ...nothingHidden,
      credentials: [],
    };
    const sandbox = await engine.open(request, signal);
    for (const step of steps) assert.equal((await sandbox.run(step, recordOutput(), signal)).kind, 'succeeded');
    assert.deepEqual(await sandbox.close(), []);
  } finally {
    await engine.close();
    await counting.close();
    await rm(source, { recursive: true });
  }
  const count = (what: string) => counting.requests.filter((each) => each === what).length;
  for (const once of ['attach', 'wait']) assert.equal(count(`POST /containers/*/${once}`), STEPS, once);
  // Beside the steps' own: the container that holds the files, which is never started, and the one with the network.
  assert.equal(count('POST /containers/create'), STEPS + 2);
  assert.equal(count('POST /containers/*/start'), STEPS + 1);
  assert.equal(count('DELETE /containers/*'), STEPS + 2);
  assert.equal(count('GET /images/busybox:latest/json'), 1);
  assert.equal(count('POST /networks/create'), 1);
  const inspections = counting.requests.filter((each) => /^GET \/(containers|networks)\/\*/.test(each));
  assert.deepEqual(inspections, []);
});
