import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordOutput } from '../../contract/step-engine.ts';
import { cleanUp } from '../../support/clean-up.ts';
import { buildStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { startLockedRegistry } from './locked-registry.ts';
import { type RealRun, withRealRun } from './real-engine.ts';
import { reply, startScriptedRegistry } from './scripted-registry.ts';

const files = { Dockerfile: 'FROM busybox:latest\nCOPY Dockerfile /\n' };

async function build(run: RealRun, ...images: string[]): Promise<void> {
  await run.succeed(buildStep('build', { images }));
}

test('pushed images come with the digest the registry has', () =>
  withRealRun(files, async (run) => {
    const { registry, runId } = run;
    const images = [`${registry}/test/${runId}:a`, `${registry}/test/${runId}:b`];
    await build(run, ...images);
    const { result, output } = await run.run(pushStep('push', { images: [...images, ...images] }));
    assert.ok(result.kind === 'succeeded', JSON.stringify(result));
    assert.deepEqual(
      output.notes.filter((line) => line.includes('own word') || line.includes('moved')),
      [],
    );
    const head = await fetch(`http://${registry}/v2/test/${runId}/manifests/a`, {
      method: 'HEAD',
      headers: { Accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    });
    const digest = head.headers.get('docker-content-digest');
    assert.deepEqual(
      result.images,
      ['a', 'b'].map((tag) => ({ registry, repository: `test/${runId}`, tag, digest })),
    );
    assert.deepEqual(
      output.notes.filter((line) => line.startsWith('Pushing image')),
      images.map((image) => `Pushing image: ${image}, attempt 1`),
    );
  }));

test('an image that was not built fails with the cure', () =>
  withRealRun(files, async ({ run, registry, runId }) => {
    const { result } = await run(pushStep('push', { images: [`${registry}/test/${runId}:none`] }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'push-failed');
    assert.match(result.message, /does not exist/);
    assert.match(result.hint ?? '', /Build the image/);
  }));

test('a registry that refuses is not asked again, and its words and the cure are told', async () => {
  const registry = await startScriptedRegistry((request, response) => {
    if (request.url === '/v2/') reply(response, 200);
    else if (request.method === 'HEAD') reply(response, 404);
    else reply(response, 401, { code: 'UNAUTHORIZED', message: 'requested access to the resource is denied' });
  });
  try {
    await withRealRun(files, async (run) => {
      const image = `${registry.host}/team/app:1`;
      await build(run, image);
      const { result, output } = await run.run(pushStep('push', { images: [image] }));
      assert.ok(result.kind === 'failed');
      assert.equal(result.reason, 'push-failed');
      assert.match(result.message, /team\/app:1 failed: .*(denied|401 Unauthorized)/);
      assert.match(result.hint ?? '', /no credential for 127\.0\.0\.1/);
      assert.equal(output.notes.length, 1);
    });
  } finally {
    await registry.close();
  }
});

test('a registry that is not there is tried three times', () =>
  withRealRun(files, async (run) => {
    const image = '127.0.0.1:1/team/app:1';
    await build(run, image);
    const { result, output } = await run.run(pushStep('push', { images: [image] }));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /connection refused/);
    assert.match(result.hint ?? '', /cannot reach 127\.0\.0\.1:1/);
    assert.deepEqual(
      output.notes.filter((line) => line.startsWith('Pushing image')),
      [1, 2, 3].map((attempt) => `Pushing image: ${image}, attempt ${attempt}`),
    );
  }));

test('the credential of the registry goes along', async () => {
  const registry = await startScriptedRegistry((request, response) => {
    const isKnown = request.headers.authorization !== undefined;
    if (!isKnown) response.setHeader('WWW-Authenticate', 'Basic realm="test"');
    if (isKnown && request.method === 'HEAD') reply(response, 404);
    else reply(response, 401, { code: 'UNAUTHORIZED', message: 'denied' });
  });
  const credentials = [{ registry: registry.host, username: 'me', password: 'secret' }];
  try {
    await withRealRun(
      files,
      async (run) => {
        const image = `${registry.host}/team/app:1`;
        await build(run, image);
        const { result } = await run.run(pushStep('push', { images: [image] }));
        assert.ok(result.kind === 'failed');
        assert.match(result.hint ?? '', /credential for 127\.0\.0\.1:\d+ may push/);
      },
      { credentials },
    );
    assert.deepEqual([...registry.authorizations], [`Basic ${Buffer.from('me:secret').toString('base64')}`]);
  } finally {
    await registry.close();
  }
});

test('an aborted push ends at once', async () => {
  const registry = await startScriptedRegistry((request, response) => {
    if (request.url === '/v2/') reply(response, 200);
    else if (request.method === 'HEAD') reply(response, 404);
  });
  try {
    await withRealRun(files, async (run) => {
      const image = `${registry.host}/team/app:1`;
      await build(run, image);
      const stop = new AbortController();
      const running = run.run(pushStep('push', { images: [image] }), stop.signal);
      await registry.requested(/^POST .*\/blobs\/uploads/);
      const before = performance.now();
      stop.abort(new Error('enough'));
      await assert.rejects(running, /enough/);
      assert.ok(performance.now() - before < 1_000);
    });
  } finally {
    await registry.close();
  }
});

test('what was pushed before an abort has been told', async () => {
  const registry = await startScriptedRegistry((request, response) => {
    if (request.url === '/v2/') reply(response, 200);
    else if (request.method === 'HEAD') reply(response, 404);
  });
  try {
    await withRealRun(files, async (run) => {
      const good = `${run.registry}/test/${run.runId}:1`;
      const hanging = `${registry.host}/team/app:1`;
      await build(run, good, hanging);
      const stop = new AbortController();
      const output = recordOutput();
      const running = run.sandbox.run(pushStep('push', { images: [good, hanging] }), output, stop.signal);
      await registry.requested(/^POST .*\/blobs\/uploads/);
      await output.contains(`Successfully pushed image: ${good}`);
      stop.abort(new Error('enough'));
      await assert.rejects(running, /enough/);
      assert.deepEqual(
        output.images.map(({ repository }) => repository),
        [`test/${run.runId}`],
      );
    });
  } finally {
    await registry.close();
  }
});

test('each registry gets its own credential, also when it asks for a password', async (t) => {
  const locked = await startLockedRegistry({ username: 'me', password: 'secret' });
  cleanUp(t, locked.close);
  const credentials = [
    { registry: locked.registry, username: 'me', password: 'secret' },
    { registry: realParts().registry, username: 'other', password: 'wrong' },
  ];
  await withRealRun(
    files,
    async (run) => {
      const images = [`${locked.registry}/team/app:1`, `${run.registry}/test/${run.runId}:1`];
      await build(run, ...images);
      const { result, output } = await run.run(pushStep('push', { images }));
      assert.ok(result.kind === 'succeeded', JSON.stringify(result));
      assert.equal(new Set(result.images.map(({ digest }) => digest)).size, 1);
      assert.deepEqual(
        output.notes.filter((line) => line.includes('own word')),
        [],
        'the registry was asked with the password',
      );
    },
    { credentials },
  );
  await withRealRun(files, async (run) => {
    const image = `${locked.registry}/team/app:2`;
    await build(run, image);
    const { result } = await run.run(pushStep('push', { images: [image] }));
    assert.ok(result.kind === 'failed');
    assert.match(result.hint ?? '', /no credential for 127\.0\.0\.1/);
  });
});

test('an image that cannot be pushed does not keep those of other repositories from it', () =>
  withRealRun(files, async (run) => {
    const { registry, runId } = run;
    const good = `${registry}/test/${runId}:good`;
    const bad = ['127.0.0.1:1/team/app:1', '127.0.0.1:1/team/app:2'];
    await build(run, good, ...bad);
    const { result, output } = await run.run(pushStep('push', { images: [...bad, good] }));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /^Pushing 127\.0\.0\.1:1\/team\/app:1 failed: .*refused/);
    assert.ok(result.message.endsWith(`. Pushed all the same: ${good}. Not tried: ${bad[1]}`), result.message);
    assert.deepEqual(
      result.images?.map(({ tag }) => tag),
      ['good'],
    );
    assert.ok(!output.notes.some((line) => line.includes('app:2')));
  }));

test('layers are not pushed to a repository that takes no image', async (t) => {
  const registry = await startScriptedRegistry((request, response) => {
    if (request.url === '/v2/') reply(response, 200);
    else if (request.method === 'HEAD') reply(response, 404);
    else reply(response, 401, { code: 'UNAUTHORIZED', message: 'denied' });
  });
  cleanUp(t, registry.close);
  await withRealRun(files, async (run) => {
    const [good, bad] = [`${run.registry}/test/${run.runId}`, `${registry.host}/team/app`];
    const caches = [`${good}:cache_t_b`, `${bad}:cache_t_b`];
    for (const image of [good, bad]) {
      const cache = { kind: 'kept', image: `${image}:cache_t_b`, pushedBy: 'push' } as const;
      await run.succeed(buildStep(image === good ? 'good' : 'bad', { images: [`${image}:1`], cache }));
    }
    const { result, output } = await run.run(pushStep('push', { images: [`${good}:1`, `${bad}:1`], caches }));
    assert.equal(result.kind, 'failed');
    await run.sandbox.settle();
    assert.doesNotMatch(output.notes.join('\n'), /layers/, 'those of the good one have arrived');
    const tags = await fetch(`http://${run.registry}/v2/test/${run.runId}/tags/list`);
    const { tags: found } = (await tags.json()) as { tags: string[] };
    assert.deepEqual(found.sort(), ['1', 'cache_t_b']);
  });
});
