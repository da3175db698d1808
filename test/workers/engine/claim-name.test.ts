import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import type { BuildStep, OutputImage } from '../../../task-schemas/index.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { attachedStatements } from '../../support/attached-statements.ts';
import { cleanUp } from '../../support/clean-up.ts';
import { buildStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { needsContainerd } from './image-store.ts';
import { forwardToRegistry } from './locked-registry.ts';
import { type RealRun, withRealRun } from './real-engine.ts';
import { startScriptedRegistry } from './scripted-registry.ts';

const never = new AbortController().signal;
const options = { provenance: { version: '1.0.0', always: true } };
/** No instruction of it runs: it builds for any platform. */
const dockerfile = (word: string) => ({ Dockerfile: `FROM scratch\nLABEL word=${word}\nCOPY Dockerfile /\n` });

/** Two runs on one engine, with one name that both build. */
function withTwoRuns(body: (one: RealRun, other: RealRun, image: string) => Promise<void>): Promise<void> {
  const inner = (one: RealRun) => (other: RealRun) => body(one, other, `${one.registry}/test/${one.runId}:latest`);
  return withRealRun(dockerfile('one'), (one) => withRealRun(dockerfile('other'), inner(one), options), options);
}

async function build({ runId, succeed }: RealRun, image: string, change: Partial<BuildStep> = {}) {
  const labels = [`slipway.run-id=${runId}`];
  return succeed(buildStep('build', { images: [image], ownLabels: labels, ...change }));
}

async function push({ run }: RealRun, image: string): Promise<{ pushed: OutputImage; notes: string }> {
  const { result, output } = await run(pushStep('push', { images: [image] }));
  const [pushed] = result.images ?? [];
  assert.ok(result.kind === 'succeeded' && pushed !== undefined, JSON.stringify(result));
  return { pushed, notes: output.notes.join('\n') };
}

/** The runs that made the images which the registry has under a digest, by their labels. */
async function makersOf({ registry, repository, digest }: OutputImage): Promise<readonly string[]> {
  const client = createRegistryClient().repository({ registry, path: repository, plainHttp: true });
  const read = async (of: string) => JSON.parse((await client.readManifest(of, never))?.bytes.toString() ?? '');
  const top = await read(digest);
  const manifests = top.manifests === undefined ? [top] : [];
  for (const each of top.manifests ?? []) manifests.push(await read(each.digest));
  const configs = manifests.map(async ({ config }) => {
    const blob = await client.readBlob(config.digest, never);
    return JSON.parse(Buffer.concat((await blob?.toArray()) ?? []).toString()).config.Labels['slipway.run-id'];
  });
  return [...new Set(await Promise.all(configs))];
}

/** The runs that vouch for a pushed image. */
async function vouchersOf(image: OutputImage): Promise<readonly string[]> {
  const statements = await attachedStatements(image);
  return statements.map((text) => JSON.parse(text).predicate.runDetails.metadata.invocationId);
}

const builders: readonly { name: string; change: Partial<BuildStep>; skip: string | false }[] = [
  { name: 'BuildKit', change: {}, skip: false },
  { name: 'the classic builder', change: { env: ['DOCKER_BUILDKIT=0'] }, skip: false },
  { name: 'several platforms', change: { platforms: ['linux/amd64', 'linux/arm64'] }, skip: needsContainerd },
];

for (const { name, change, skip } of builders) {
  test(`two runs that build one name push and vouch for their own image each: ${name}`, { skip }, () =>
    withTwoRuns(async (one, other, image) => {
      const output = await build(one, image, change);
      await build(other, image, change);
      const first = await push(one, image);
      const second = await push(other, image);
      assert.deepEqual(await makersOf(first.pushed), [one.runId]);
      assert.deepEqual(await makersOf(second.pushed), [other.runId]);
      assert.deepEqual(await vouchersOf(first.pushed), [`${one.runId}/1`]);
      assert.deepEqual(await vouchersOf(second.pushed), [`${other.runId}/1`]);
      assert.match(first.notes, /is another image by now/);
      assert.doesNotMatch(output.text('stdout') + output.text('stderr'), /slipway\.invalid/);
    }),
  );
}

test('two runs that keep their layers under one name push their own each', () =>
  withTwoRuns(async (one, other, image) => {
    const kept = image.replace('latest', 'cache_t_b');
    const cache = { kind: 'kept', image: kept, pushedBy: 'push' } as const;
    await build(one, image, { cache });
    await build(other, image, { cache });
    const step = pushStep('push', { images: [image], caches: [kept] });
    const { pushed } = await push(one, image);
    await one.succeed(step);
    await one.sandbox.settle();
    const { registry, repository } = pushed;
    const client = createRegistryClient().repository({ registry, path: repository, plainHttp: true });
    const digest = (await client.findManifest('cache_t_b', never))?.digest ?? '';
    assert.deepEqual(await makersOf({ registry, repository, digest }), [one.runId]);
  }));

test('a name that nobody else has built is pushed without a word', () =>
  withTwoRuns(async (one, _other, image) => {
    await build(one, image);
    const { notes } = await push(one, image);
    assert.doesNotMatch(notes, /another image/);
  }));

test('a name that goes to another run while it is pushed is pushed again', async (t) => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const door = await startScriptedRegistry((incoming, response) => {
    void opened.then(() => forwardToRegistry(incoming, response));
  });
  cleanUp(t, door.close);
  await withTwoRuns(async (one, other) => {
    const image = `${door.host}/test/${one.runId}:latest`;
    // What has a base is looked up at its registry; this has none, so only the push knocks at the door.
    await build(one, image);
    const pushing = push(one, image);
    await door.requested(/^(?:GET|HEAD) /);
    await build(other, image);
    open();
    const { pushed } = await pushing;
    assert.deepEqual(await makersOf(pushed), [one.runId]);
    assert.deepEqual(await vouchersOf(pushed), [`${one.runId}/1`]);
  });
});

test('an image that somebody has removed from the engine is not pushed, whoever has the name', () =>
  withTwoRuns(async (one, other, image) => {
    await build(one, image);
    const { docker, close } = connectEngine(realParts().dockerHost);
    await docker.getImage((await docker.getImage(image).inspect()).Id).remove({ force: true });
    close();
    await build(other, image);
    const { result } = await one.run(pushStep('push', { images: [image] }));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /removed from the engine/);
    assert.match(result.hint ?? '', /Run it again/);
  }));
