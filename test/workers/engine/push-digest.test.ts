import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanUp } from '../../support/clean-up.ts';
import { buildStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { forwardToRegistry } from './locked-registry.ts';
import { withRealRun } from './real-engine.ts';
import { startScriptedRegistry } from './scripted-registry.ts';

test('a registry that answers the engine alone is waited for once in a run', async (t) => {
  const asked: string[] = [];
  const registry = await startScriptedRegistry((incoming, response) => {
    if (incoming.headers['user-agent'] !== 'slipway') forwardToRegistry(incoming, response);
    else asked.push(`${incoming.method} ${incoming.url}`);
  });
  cleanUp(t, registry.close);
  await withRealRun(
    { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' },
    async ({ run, runId, succeed }) => {
      const images = ['a', 'b'].map((tag) => `${registry.host}/test/${runId}:${tag}`);
      await succeed(buildStep('build', { images }));
      const { result, output } = await run(pushStep('push', { images }));
      assert.ok(result.kind === 'succeeded', JSON.stringify(result));
      assert.equal(result.images.length, 2);
      for (const { digest } of result.images) assert.match(digest, /^sha256:/);
      const notes = output.notes.join('\n');
      for (const image of images) {
        assert.ok(
          notes.includes(`The digest of ${image} is the engine's word alone: ${registry.host} does not`),
          notes,
        );
        assert.ok(notes.includes(`The provenance of ${image} could not be attached: ${registry.host} does not`), notes);
      }
      assert.deepEqual(asked, [`HEAD /v2/test/${runId}/manifests/a`]);
    },
    { provenance: { version: '1.0.0', always: true } },
  );
});
