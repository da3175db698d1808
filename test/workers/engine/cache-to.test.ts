import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';
import { needsContainerd, needsGraphdriver } from './image-store.ts';
import { withRealRun } from './real-engine.ts';

const never = new AbortController().signal;
const files = {
  Dockerfile: 'FROM busybox:latest AS tool\nRUN echo tool > /a\nFROM busybox:latest\nCOPY --from=tool /a /\n',
};

test('layers go to the registry that --cache-to names, also beside those in the image', { skip: needsContainerd }, () =>
  withRealRun(files, async (run) => {
    const path = `test/${run.runId}`;
    const cacheTo = [`type=registry,ref=${run.registry}/${path}:layers,mode=max`];
    const image = `${run.registry}/${path}:1`;
    await run.succeed(buildStep('plain', { images: [image], cacheTo: [...cacheTo] }));
    const repository = createRegistryClient().repository({ registry: run.registry, path, plainHttp: true });
    assert.notEqual(await repository.readManifest('layers', never), undefined);
    const kept = { kind: 'kept', image: `${run.registry}/${path}:kept`, pushedBy: 'push' } as const;
    await run.succeed(buildStep('both', { images: [image], cacheTo: [...cacheTo, 'type=inline'], cache: kept }));
  }),
);

test('a registry that does not take the layers fails the build, which says so', { skip: needsContainerd }, () =>
  withRealRun(files, async (run) => {
    const cacheTo = ['type=registry,ref=127.0.0.1:1/test/layers:1'];
    const { result } = await run.run(buildStep('build', { cacheTo }));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /exporting cache.*127\.0\.0\.1:1/s);
    assert.match(result.hint ?? '', /--cache-to/);
  }),
);

test('an engine that cannot send layers to a registry says so, with the cure', { skip: needsGraphdriver }, () =>
  withRealRun(files, async (run) => {
    const cacheTo = [`type=registry,ref=${run.registry}/test/${run.runId}:layers`];
    const { result } = await run.run(buildStep('build', { cacheTo }));
    assert.ok(result.kind === 'failed');
    assert.match(`${result.message} ${result.hint}`, /--cache-to.*containerd-snapshotter.*--cache-to type=inline/);
  }),
);

test('layers go into the image with --cache-to type=inline', () =>
  withRealRun(files, async (run) => {
    const step = buildStep('build', { images: [`${run.registry}/test/${run.runId}:1`], cacheTo: ['type=inline'] });
    assert.match((await run.succeed(step)).text('stdout'), /exporting cache|inline cache/);
    const { result } = await run.run({ ...step, env: ['DOCKER_BUILDKIT=f'] });
    assert.ok(result.kind === 'failed');
    assert.match(`${result.message} ${result.hint}`, /has --cache-to, but the classic builder cannot.*BuildKit/);
  }));
