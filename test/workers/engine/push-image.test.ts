import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { createDockerEngine } from '../../../workers/engine/docker-engine.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { cleanUp } from '../../support/clean-up.ts';
import { noContexts } from '../../support/fakes/context-fetcher.ts';
import { planOf, pushStep } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { nothingHidden } from '../../support/fakes/show-all.ts';
import { sourceWith } from './real-engine.ts';
import { startScriptedEngine } from './scripted-engine.ts';

const never = new AbortController().signal;

for (const name of ['reg.test/app', 'reg.test/app:1']) {
  test(`${name} with a digest is not pushed: the engine would push other tags, or another image`, async (t) => {
    const scripted = await startScriptedEngine((_request, response) => response.writeHead(200).end('{}'));
    cleanUp(t, scripted.close);
    const { dockerHost } = scripted;
    const registries = createMemoryRegistries();
    const engine = createDockerEngine({ dockerHost, policy: STRICT_POLICY, registries, now: Date.now });
    cleanUp(t, () => engine.close());
    const sourceDirectory = await sourceWith({});
    cleanUp(t, () => rm(sourceDirectory, { recursive: true }));
    const given = { sourceDirectory, fetchContext: noContexts, ...nothingHidden, credentials: [] };
    const sandbox = await engine.open({ plan: planOf('r0000001'), attempt: 1, ...given }, never);
    const step = pushStep('push', { images: [`${name}@sha256:${'a'.repeat(64)}`] });
    const result = await sandbox.run(step, recordOutput(), never);
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /digest reference/);
    assert.match(result.hint ?? '', /Push by tag/);
    assert.deepEqual(scripted.seen, []);
  });
}
