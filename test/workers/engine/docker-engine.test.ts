import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import type { CmdStep } from '../../../task-schemas/index.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { createDockerEngine } from '../../../workers/engine/docker-engine.ts';
import { type Behaviour, stepEngineContract } from '../../contract/step-engine.ts';
import { objectsOf } from '../../support/engine-objects.ts';
import { cmdStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { realParts } from '../../support/real-parts.ts';
import { newRunId, realEngine, sourceWith } from './real-engine.ts';

stepEngineContract('docker engine', async () => {
  const engine = realEngine();
  const sourceDirectory = await sourceWith({ 'readme.txt': 'hello\n' });
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
    hasStarted: (_id, output) => output.contains('waiting'),
    objectsOf: (runId) => objectsOf(realParts().dockerHost, runId),
    async close() {
      await engine.close();
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
