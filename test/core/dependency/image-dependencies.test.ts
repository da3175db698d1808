import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageDependencies } from '../../../src/core/dependency/image-dependencies.ts';
import { scanDockerfile } from '../../../src/core/dockerfile/scan-dockerfile.ts';

function report(text: string, names: readonly string[] = [], revision?: string) {
  const scan = scanDockerfile({ text, fileName: 'Dockerfile' });
  assert.ok(scan.ok);
  return imageDependencies(scan.value, names, revision);
}

const hub = (repository: string, tag: string, reference: string) => ({
  registry: 'registry.hub.docker.com',
  repository,
  tag,
  digest: '',
  reference,
});

test('one entry for each name, all with the same dependencies', () => {
  const result = report('FROM golang AS b\nFROM alpine:3\nCOPY --from=b /x /\n', ['a', 'b.io/c:1'], 'abc');
  const rest = {
    'runtime-dependency': hub('library/alpine', '3', 'alpine:3'),
    'buildtime-dependency': [hub('library/golang', 'latest', 'golang:latest')],
    git: { 'git-head-revision': 'abc' },
  };
  const second = { registry: 'b.io', repository: 'c', tag: '1', digest: '', reference: 'b.io/c:1' };
  assert.ok(result.ok);
  assert.deepEqual(result.value, [
    { image: hub('library/a', 'latest', 'a:latest'), ...rest },
    { image: second, ...rest },
  ]);
});

test('without a name and other stages, image and build-time dependencies are null', () => {
  const result = report('FROM scratch\n');
  assert.ok(result.ok);
  assert.deepEqual(result.value, [
    {
      image: null,
      'runtime-dependency': hub('library/scratch', 'latest', 'scratch:latest'),
      'buildtime-dependency': null,
      git: { 'git-head-revision': '' },
    },
  ]);
});

const buildtime = [
  { name: 'names of one image', text: 'FROM go\nFROM go:latest\nFROM library/go\nFROM a', is: ['go:latest'] },
  { name: 'a base that is the runtime too', text: 'FROM a AS x\nFROM a', is: undefined },
  { name: 'images copied from and the syntax', text: '# syntax=s\nFROM a\nCOPY --from=b /x /', is: undefined },
  { name: 'a stage that is not needed', text: 'FROM a AS x\nFROM b', is: ['a:latest'] },
] as const;

for (const { name, text, is } of buildtime) {
  test(`build-time dependencies: ${name}`, () => {
    const result = report(text);
    assert.ok(result.ok);
    assert.deepEqual(
      result.value[0]?.['buildtime-dependency']?.map(({ reference }) => reference),
      is,
    );
  });
}

test('every name that is none is refused', () => {
  const result = report('FROM a', ['Up', 'ok', 'a b']);
  assert.ok(!result.ok);
  assert.deepEqual(
    result.diagnostics.map(({ code }) => code),
    ['image-invalid', 'image-invalid'],
  );
});
