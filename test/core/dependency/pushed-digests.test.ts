import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencyImage } from '../../../src/core/dependency/dependency-image.ts';
import { withPushedDigests } from '../../../src/core/dependency/pushed-digests.ts';
import type { ImageDependencies, OutputImage } from '../../../task-schemas/index.ts';

function entry(name: string): ImageDependencies {
  const read = dependencyImage(name);
  const base = dependencyImage('busybox:1');
  assert.ok(read.kind === 'valid' && base.kind === 'valid');
  const git = { 'git-head-revision': '' };
  return { image: read.image, 'runtime-dependency': base.image, 'buildtime-dependency': null, git };
}

const pushed = (registry: string, repository: string, tag: string): OutputImage => ({
  registry,
  repository,
  tag,
  digest: 'sha256:new',
});

const cases = [
  { name: 'r.io/a:1', push: pushed('r.io', 'a', '1'), digest: 'sha256:new' },
  { name: 'me/a:latest', push: pushed('docker.io', 'me/a', 'latest'), digest: 'sha256:new' },
  { name: 'r.io/a:1', push: pushed('r.io', 'a', '2'), digest: '' },
  { name: 'r.io/a:1', push: pushed('r.io', 'b', '1'), digest: '' },
  { name: 'localhost:5000/a', push: pushed('localhost:5000', 'a', 'latest'), digest: 'sha256:new' },
] as const;

for (const { name, push, digest } of cases) {
  test(`${name} after the push of ${push.repository}:${push.tag}`, () => {
    assert.equal(withPushedDigests([entry(name)], [push])[0]?.image?.digest, digest);
  });
}

test('an image without a name stays without', () => {
  const nameless = { ...entry('a:1'), image: null };
  assert.deepEqual(withPushedDigests([nameless], [pushed('r.io', 'a', '1')]), [nameless]);
});
