import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import type { StepEngine } from '../../../src/ports/step-engine.ts';
import type { PlannedStep } from '../../../task-schemas/index.ts';
import { createDockerEngine } from '../../../workers/engine/docker-engine.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { noContexts } from '../../support/fakes/context-fetcher.ts';
import { buildStep, cmdStep, planOf, pushStep } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { nothingHidden } from '../../support/fakes/show-all.ts';
import { sourceWith } from './real-engine.ts';
import {
  answer,
  type EngineScript,
  type ScriptedEngine,
  type SeenRequest,
  startScriptedEngine,
} from './scripted-engine.ts';

/** Far below the time limit of a test, and long enough for answers that do come. */
const limits = { stepEndMs: 500, stepsEndMs: 500, closeMs: 500, cleanUpMs: 500, latePushesMs: 500 };

/** Lists with one container of a run that is gone; everything else is up to the test. */
const labels = { 'slipway.installation': 'here', 'slipway.run': 'rgone', 'slipway.attempt': '1' };
const leftover = { Id: 'c1', Names: ['/slipway-rgone-1-web'], Labels: labels };

/** Gives the test an engine that does what `script` says and hangs otherwise. */
async function withEngine(
  script: EngineScript,
  body: (engine: StepEngine, scripted: ScriptedEngine) => Promise<void>,
  opensSessions = false,
): Promise<void> {
  const scripted = await startScriptedEngine(script, opensSessions);
  const { dockerHost } = scripted;
  const registries = createMemoryRegistries();
  const fixed = { policy: STRICT_POLICY, registries, now: Date.now };
  const engine = createDockerEngine({ ...fixed, dockerHost, installation: 'here', limits });
  try {
    await body(engine, scripted);
  } finally {
    await engine.close();
    await scripted.close();
  }
}

/** Answers the lists of what is there; true when the request was one. */
function answerLists(
  { method, url }: SeenRequest,
  response: ServerResponse,
  containers: readonly object[] = [leftover],
): boolean {
  if (method !== 'GET') return false;
  if (url.startsWith('/containers/json')) answer(response, 200, containers);
  else if (url.startsWith('/networks') || url.startsWith('/images/json')) answer(response, 200, []);
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

/** Answers everything that a cmd step needs before its own container. */
function prepare({ method, url }: SeenRequest, response: ServerResponse): boolean {
  const line = `${method} ${url}`;
  if (/^GET \/images\//.test(line)) answer(response, 200, {});
  else if (/^POST \/networks\/create/.test(line)) answer(response, 201, { Id: 'n1' });
  else if (/^POST \/containers\/create\?name=.*_workspace$/.test(line)) answer(response, 201, { Id: 'holder' });
  else if (/^PUT \/containers\/holder\/archive/.test(line)) response.writeHead(200).end();
  else return false;
  return true;
}

const hangs: readonly {
  readonly at: string;
  readonly step: PlannedStep;
  /** The request that hangs. */
  readonly request: RegExp;
  readonly answers?: (request: SeenRequest, response: ServerResponse) => unknown;
  readonly opensSessions?: boolean;
}[] = [
  { at: 'looking for an image', step: cmdStep('a'), request: /^GET \/images/ },
  {
    at: 'making a network',
    step: cmdStep('a'),
    request: /^POST \/networks/,
    answers: (request, response) => !/networks/.test(request.url) && prepare(request, response),
  },
  { at: 'making a container', step: cmdStep('a'), request: /create\?name=.*-a$/, answers: prepare },
  { at: 'opening a session', step: buildStep('b'), request: /^POST \/session/ },
  { at: 'a build', step: buildStep('b'), request: /^POST \/build\?/, opensSessions: true },
  {
    at: 'a classic build',
    step: buildStep('b', { env: ['DOCKER_BUILDKIT=0'] }),
    request: /^POST \/build\?/,
  },
  { at: 'a push', step: pushStep('p', { images: ['registry.example/a:1'] }), request: /^POST \/images/ },
];

for (const { at, step, request, answers = () => {}, opensSessions } of hangs) {
  test(`an engine that hangs at ${at} holds up neither cancelling nor closing`, async () => {
    const sourceDirectory = await sourceWith({ Dockerfile: 'FROM scratch\n' });
    let isOpen = false;
    await withEngine(
      (request, response) => {
        if (isOpen || !answerLists(request, response, [])) answers(request, response);
      },
      async (engine, scripted) => {
        const never = new AbortController().signal;
        const sandbox = await engine.open(
          {
            plan: planOf('r0000001'),
            attempt: 1,
            sourceDirectory,
            fetchContext: noContexts,
            ...nothingHidden,
            credentials: [],
          },
          never,
        );
        isOpen = true;
        const stop = new AbortController();
        const reason = new Error('enough');
        const running = sandbox.run(step, recordOutput(), stop.signal);
        await Promise.race([scripted.requested(request), running]);
        const before = performance.now();
        stop.abort(reason);
        await assert.rejects(running, (error) => error === reason);
        const left = await sandbox.close();
        assert.match(left.join(), /everything of slipway-r0000001-1: .*does not answer in time/);
        assert.ok(performance.now() - before < 3_000);
      },
      opensSessions,
    );
    await rm(sourceDirectory, { recursive: true });
  });
}
