import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noContexts } from '../support/fakes/context-fetcher.ts';
import { buildStep, cmdStep, planOf, pushStep } from '../support/fakes/planned-steps.ts';
import { runIdOf } from '../support/fakes/run.ts';
import { nothingHidden } from '../support/fakes/show-all.ts';
import { createFakeStepEngine } from '../support/fakes/step-engine.ts';
import { recordOutput, stepEngineContract } from './step-engine.ts';

stepEngineContract('fake step engine', async () => {
  const engine = createFakeStepEngine();
  let runs = 0;
  return {
    engine,
    sourceDirectory: '/nowhere',
    newRunId() {
      runs += 1;
      return runIdOf(runs);
    },
    step(id, behaviour, change) {
      engine.script(id, behaviour);
      return cmdStep(id, change);
    },
    async pushStep(id) {
      const images = [{ registry: 'r.test', repository: id, tag: '1', digest: 'sha256:1' }];
      engine.script(id, { kind: 'ends', result: { kind: 'succeeded', images } });
      return pushStep(id, { images: [`r.test/${id}:1`] });
    },
    async keepingStep(id) {
      const image = `r.test/${id}:cache_t_b`;
      return {
        step: buildStep(id, { cache: { kind: 'kept', image, pushedBy: 'build' } }),
        begun: async () => assert.deepEqual(engine.onTheirWay(runIdOf(runs)), [image]),
        arrive: async () => engine.onTheirWay(runIdOf(runs)).length > 0,
      };
    },
    hasStarted: async (id) => void (await engine.started(id)),
    objectsOf: async (runId) => engine.objectsOf(runId),
    close: () => engine.close(),
  };
});

test('fake step engine: the test decides how a step that waits ends', async () => {
  const engine = createFakeStepEngine().script('a', { kind: 'waits' });
  const request = {
    plan: planOf('r0000001'),
    attempt: 1,
    sourceDirectory: '/nowhere',
    fetchContext: noContexts,
    ...nothingHidden,
    credentials: [],
  };
  const { signal } = new AbortController();
  const sandbox = await engine.open(request, signal);
  for (const code of [0, 7]) {
    const running = sandbox.run(cmdStep('a'), recordOutput(), signal);
    (await engine.started('a')).exit(code);
    assert.equal((await running).kind, code === 0 ? 'succeeded' : 'failed');
  }
  assert.deepEqual(engine.opened, [request]);
});
