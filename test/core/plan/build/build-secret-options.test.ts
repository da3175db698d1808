import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBuildSecret, parseBuildSsh } from '../../../../src/core/plan/build/build-secret-options.ts';

const variables = new Set(['TOKEN']);
const secrets = [
  { text: 'id=a,env=TOKEN', origin: { kind: 'variable', name: 'TOKEN' } },
  { text: 'id=a,type=env,src=TOKEN', origin: { kind: 'variable', name: 'TOKEN' } },
  { text: 'id=TOKEN', origin: { kind: 'variable', name: 'TOKEN' } },
  { text: 'id=TOKEN,type=file', origin: { kind: 'file', path: 'TOKEN' } },
  { text: 'id=a', origin: { kind: 'file', path: 'a' } },
  { text: 'id=a,src=b/c', origin: { kind: 'file', path: 'b/c' } },
  { text: 'type=file,source=b,id=a', origin: { kind: 'file', path: 'b' } },
];

for (const { text, origin } of secrets) {
  test(`--secret ${text}`, () => {
    const parsed = parseBuildSecret(text, variables);
    assert.ok(!('kind' in parsed));
    assert.deepEqual(parsed.origin, origin);
  });
}

for (const text of ['src=a', 'id=a,type=x', 'id=a,src=b,env=C', 'id=a,mode=0400']) {
  test(`--secret ${text} is wrong`, () => {
    const parsed = parseBuildSecret(text, variables);
    assert.ok('kind' in parsed);
    assert.match(parsed.hint, /--secret id=NAME/);
  });
}

test('--ssh with files and a variable', () => {
  assert.deepEqual(parseBuildSsh('default=a,env:KEY,'), {
    id: 'default',
    keys: [
      { kind: 'file', path: 'a' },
      { kind: 'variable', name: 'KEY' },
    ],
  });
});

for (const text of ['default', 'default=', '=a']) {
  test(`--ssh ${text} is wrong`, () => {
    const parsed = parseBuildSsh(text);
    assert.ok('kind' in parsed);
    assert.match(parsed.hint, /--ssh default=FILE/);
  });
}
