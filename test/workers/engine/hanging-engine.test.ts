import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepEngine } from '../../../src/ports/step-engine.ts';
import { createDockerEngine, STRICT_POLICY } from '../../../workers/engine/docker-engine.ts';
import { answer, type EngineScript, type ScriptedEngine, startScriptedEngine } from './scripted-engine.ts';

/** Far below the time limit of a test, and long enough for answers that do come. */
const limits = { stepEndMs: 150, stepsEndMs: 150, closeMs: 150, cleanUpMs: 150 };

/** Lists with one container of a run that is gone; everything else is up to the test. */
const labels = { 'slipway.installation': 'here', 'slipway.run': 'rgone', 'slipway.attempt': '1' };
const leftover = { Id: 'c1', Names: ['/slipway-rgone-1-web'], Labels: labels };

/** Gives the test an engine that does what `script` says and hangs otherwise. */
async function withEngine(
  script: EngineScript,
  body: (engine: StepEngine, scripted: ScriptedEngine) => Promise<void>,
): Promise<void> {
  const scripted = await startScriptedEngine(script);
  const { dockerHost } = scripted;
  const engine = createDockerEngine({ dockerHost, policy: STRICT_POLICY, installation: 'here', now: Date.now, limits });
  try {
    await body(engine, scripted);
  } finally {
    await engine.close();
    await scripted.close();
  }
}

/** Answers the lists; true when the request was one. */
function answerLists({ method, url }: Parameters<EngineScript>[0], response: Parameters<EngineScript>[1]): boolean {
  if (method !== 'GET') return false;
  if (url.startsWith('/containers/json')) answer(response, 200, [leftover]);
  else if (url.startsWith('/networks')) answer(response, 200, []);
  else if (url.startsWith('/volumes')) answer(response, 200, { Volumes: null });
  else return false;
  return true;
}

test('a sweep of an engine that never answers ends as a fault that says so', () =>
  withEngine(
    () => {},
    async (engine) => {
      await assert.rejects(
        engine.sweep(async () => false),
        {
          name: 'EngineFault',
          message: /does not answer in time\. Look into its own log/,
        },
      );
    },
  ));

test('a sweep whose removals are never answered ends', () =>
  withEngine(
    (request, response) => void answerLists(request, response),
    async (engine, scripted) => {
      assert.deepEqual(await engine.sweep(async () => false), ['rgone']);
      await scripted.requested(/^DELETE \/containers\/c1\?force=true&v=true$/);
    },
  ));

test('what is being removed already is asked for until it is gone', () => {
  let asked = 0;
  return withEngine(
    (request, response) => {
      if (answerLists(request, response)) return;
      asked += 1;
      if (asked === 1) answer(response, 409, { message: 'removal of container c1 is already in progress' });
      else answer(response, 404, { message: 'no such container' });
    },
    async (engine) => {
      await engine.sweep(async () => false);
      assert.equal(asked, 2);
    },
  );
});
