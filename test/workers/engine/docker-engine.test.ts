import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import type { CmdStep } from '../../../task-schemas/index.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { createDockerEngine } from '../../../workers/engine/docker-engine.ts';
import { USUAL_LIMITS } from '../../../workers/engine/limits.ts';
import { type Behaviour, stepEngineContract } from '../../contract/step-engine.ts';
import { objectsOf } from '../../support/engine-objects.ts';
import { buildStep, cmdStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { realParts } from '../../support/real-parts.ts';
import { forwardToRegistry } from './locked-registry.ts';
import { newRunId, realEngine, sourceWith } from './real-engine.ts';
import { type ScriptedRegistry, startScriptedRegistry } from './scripted-registry.ts';

/** How long a push takes at most whose way is free. */
const ARRIVAL_MS = 2_000;

stepEngineContract('docker engine', async () => {
  const engine = realEngine(STRICT_POLICY, { limits: { ...USUAL_LIMITS, latePushesMs: 100 } });
  const sourceDirectory = await sourceWith({
    'readme.txt': 'hello\n',
    Dockerfile: 'FROM scratch\nCOPY readme.txt /\n',
  });
  const registries: ScriptedRegistry[] = [];
  return {
    engine,
    sourceDirectory,
    newRunId,
    step: (id, behaviour, change) => cmdStep(id, { args: ['sh', '-c', scriptOf(behaviour)], ...change }),
    async pushStep(id) {
      const { registry } = realParts();
      const repo = `${registry}/test/contract-${newRunId()}`;
      await tag('busybox:latest', repo, '1');
      return pushStep(id, { images: [`${repo}:1`] });
    },
    async keepingStep(id) {
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      const registry = await startScriptedRegistry((incoming, response) => {
        if (incoming.method !== 'POST') forwardToRegistry(incoming, response);
        else void opened.then(() => forwardToRegistry(incoming, response));
      });
      registries.push(registry);
      const image = `${registry.host}/test/${newRunId()}:cache_t_b`;
      return {
        step: buildStep(id, { images: [image], cache: { kind: 'kept', image, pushedBy: 'build' } }),
        begun: () => registry.requested(/^POST .*\/blobs\/uploads/),
        async arrive() {
          open();
          const arrived = registry.requested(/^PUT .*\/manifests\//).then(() => true);
          return await Promise.race([arrived, sleep(ARRIVAL_MS, false)]);
        },
      };
    },
    hasStarted: (_id, output) => output.contains('waiting'),
    objectsOf: (runId) => objectsOf(realParts().dockerHost, runId),
    async close() {
      await engine.close();
      for (const registry of registries) await registry.close();
      await rm(sourceDirectory, { recursive: true });
    },
  };
});

async function tag(image: string, repo: string, name: string): Promise<void> {
  const { docker, close } = connectEngine(realParts().dockerHost);
  await docker.getImage(image).tag({ repo, tag: name }).finally(close);
}

function scriptOf(behaviour: Behaviour): NonNullable<CmdStep['args'][number]> {
  if (behaviour.kind === 'waits') return 'echo waiting; sleep 60';
  const { code, stdout = '', stderr = '' } = behaviour;
  return `printf '%s' '${stdout}'; printf '%s' '${stderr}' >&2; exit ${code}`;
}

const registries = createMemoryRegistries();

test('an engine that does not answer is a fault that names it and says what to do', async () => {
  const engine = createDockerEngine({
    dockerHost: 'unix:///nonexistent/docker.sock',
    policy: STRICT_POLICY,
    registries,
    now: Date.now,
  });
  await assert.rejects(engine.describe(), {
    name: 'EngineFault',
    message:
      'The Docker Engine at unix:///nonexistent/docker.sock does not answer (ENOENT). Start it, or let DOCKER_HOST point at one that runs.',
  });
  await engine.close();
});

test('an address that is none is refused when the engine is made', () => {
  assert.throws(
    () => createDockerEngine({ dockerHost: 'ssh://host', policy: STRICT_POLICY, registries, now: Date.now }),
    /DOCKER_HOST is "ssh:\/\/host".*unix:\/\//,
  );
});
