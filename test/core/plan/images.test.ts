import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveWorkingDirectory, withinWorkspace } from '../../../src/core/plan/cmd/working-directory.ts';
import { pushNames, quickBuildName } from '../../../src/core/plan/images.ts';

const digest = `sha256:${'0'.repeat(64)}`;

test('names to push get a tag and are pushed once', () => {
  const { images } = pushNames(['a', 'a:latest', 'localhost:5000/c', 'a:2', 'reg/b', 'a']);
  assert.deepEqual(images, ['a:latest', 'localhost:5000/c', 'a:2', 'reg/b:latest']);
});

test('wrong names are told by their place', () => {
  assert.deepEqual(
    pushNames(['a', 'B', '']).problems.map(({ index }) => index),
    [1, 2],
  );
});

test('what has a digest cannot be pushed, and the name to push instead is told', () => {
  const { images, problems } = pushNames([`reg.io/b@${digest}`, `reg.io:5000/c:1@${digest}`]);
  assert.deepEqual(images, []);
  assert.deepEqual(
    problems.map(({ hint }) => hint),
    ['Push by tag: reg.io/b:latest', 'Push by tag: reg.io:5000/c:1'],
  );
  assert.match(problems[0]?.reason ?? '', /has a digest/);
});

const quick = [
  { name: 'test:1', registry: 'foo.io', known: [], expected: 'foo.io/test:1' },
  { name: 'foo.io/test:1', registry: 'foo.io', known: [], expected: 'foo.io/test:1' },
  { name: '127.0.0.1:5001/a', registry: 'foo.io', known: [], expected: '127.0.0.1:5001/a' },
  { name: 'a/b/c', registry: 'foo.io', known: [], expected: 'foo.io/a/b/c' },
  { name: 'library/test', registry: 'foo.io', known: [], expected: 'library/test' },
  { name: 'bar.io/test', registry: 'foo.io', known: ['bar.io'], expected: 'bar.io/test' },
  { name: 'bar.io/test', registry: 'foo.io', known: [''], expected: 'foo.io/bar.io/test' },
  { name: 'a/b', registry: '', known: [], expected: 'a/b' },
] as const;

for (const { name, registry, known, expected } of quick) {
  test(`a one-off build of ${name} in "${registry}" is ${expected}`, () => {
    assert.equal(quickBuildName(name, registry, known), expected);
  });
}

const directories = [
  [undefined, '/workspace'],
  ['', '/workspace'],
  ['w', '/workspace/w'],
  ['./d//e', '/workspace/d/e'],
  ['/abs/../x/', '/x'],
  ['../../etc', '/etc'],
  ['/', '/'],
] as const;

for (const [path, expected] of directories) {
  test(`the working directory ${path} is ${expected}`, () => assert.equal(resolveWorkingDirectory(path), expected));
}

const inside = [
  ['.', '/workspace', '.'],
  ['a/../b', '/workspace/x', 'x/b'],
  ['../y', '/workspace/x', 'y'],
  ['..', '/workspace', undefined],
  ['/workspaces', '/workspace', undefined],
  ['x', '/elsewhere', undefined],
] as const;

for (const [path, from, expected] of inside) {
  test(`${path} from ${from} is ${expected} in the workspace`, () =>
    assert.equal(withinWorkspace(path, from), expected));
}
