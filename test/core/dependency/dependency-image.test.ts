import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencyImage, withLatest } from '../../../src/core/dependency/dependency-image.ts';

const HUB = 'registry.hub.docker.com';
const digest = `sha256:${'a'.repeat(64)}`;

const cases = [
  { name: 'node', registry: HUB, repository: 'library/node' },
  { name: 'node:16', registry: HUB, repository: 'library/node', tag: '16' },
  { name: 'library/node:16', registry: HUB, repository: 'library/node', tag: '16' },
  { name: 'org/app/x:1', registry: HUB, repository: 'org/app/x', tag: '1' },
  { name: 'docker.io/node:1', registry: 'docker.io', repository: 'node', tag: '1' },
  { name: `${HUB}/library/node:1`, registry: HUB, repository: 'library/node', tag: '1' },
  { name: 'a.io:5000/x/y', registry: 'a.io:5000', repository: 'x/y' },
  { name: 'localhost:5000/x:1', registry: 'localhost:5000', repository: 'x', tag: '1' },
  { name: 'localhost/x', registry: 'localhost', repository: 'x' },
  { name: `node@${digest}`, registry: HUB, repository: 'library/node', digest },
  { name: `a.io/x:1@${digest}`, registry: 'a.io', repository: 'x', tag: '1', digest },
] as const;

for (const { name, ...expected } of cases) {
  test(`${name} in a report`, () => {
    assert.deepEqual(dependencyImage(name), {
      kind: 'valid',
      image: { digest: '', ...expected, reference: name },
    });
  });
}

test('a name that is none is refused', () => {
  const result = dependencyImage('Foo:1');
  assert.ok(result.kind === 'invalid');
  assert.match(result.reason, /upper-case/);
});

test('latest is added unless a colon or a digest is there', () => {
  const names = ['a', 'a:1', `a@${digest}`, 'h.io/a', 'h:5000/a'];
  assert.deepEqual(names.map(withLatest), ['a:latest', 'a:1', `a@${digest}`, 'h.io/a:latest', 'h:5000/a']);
});
