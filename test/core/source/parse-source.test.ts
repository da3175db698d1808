import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSource, shownSource, sourceMistakes } from '../../../src/core/source/parse-source.ts';

const right = [
  {
    text: 'https://h/a.git#main:sub',
    source: { kind: 'git', repository: 'https://h/a.git', ref: 'main', directory: 'sub' },
  },
  { text: 'ssh://git@h:22/a#v1', source: { kind: 'git', repository: 'ssh://git@h:22/a', ref: 'v1' } },
  { text: 'git@h:a/b.git', source: { kind: 'git', repository: 'git@h:a/b.git' } },
  { text: 'git://h/a', source: { kind: 'git', repository: 'git://h/a' } },
  {
    text: 'https://dev.azure.com/o/p/_git/r#m',
    source: { kind: 'git', repository: 'https://dev.azure.com/o/p/_git/r', ref: 'm' },
  },
  { text: 'https://h/a.tgz?sig=x#y', source: { kind: 'archive', url: 'https://h/a.tgz?sig=x' } },
  { text: 'oci://h/a:1', source: { kind: 'oci', reference: 'h/a:1' } },
] as const;

for (const { text, source } of right) {
  test(`${text} is a source`, () => {
    assert.deepEqual(parseSource(text), { kind: 'remote', source });
    assert.deepEqual(sourceMistakes(source), []);
  });
}

test('what is secret comes apart, and is neither stored nor shown', () => {
  for (const text of ['https://me:hush@h/a.git', 'https://me:hush@h/a.tgz', 'https://me:hush@dev.azure.com/o/_git/r']) {
    const parsed = parseSource(text);
    assert.ok(parsed.kind === 'remote');
    assert.deepEqual(parsed.login, { username: 'me', token: 'hush' });
    assert.doesNotMatch(JSON.stringify(parsed.source), /hush/);
  }
  for (const source of [
    { kind: 'git', repository: 'https://hush@h/a.git' },
    { kind: 'archive', url: 'https://me:hush@h/a.tgz' },
  ] as const) {
    const [mistake] = sourceMistakes(source);
    assert.equal(mistake?.code, 'source-has-secret');
    assert.doesNotMatch(JSON.stringify(mistake) + shownSource(source), /hush/);
  }
  assert.equal(shownSource({ kind: 'archive', url: 'https://h/a?sig=hush' }), 'https://h/a?…');
});

const wrong = [
  'ftp://h/a',
  'ext::sh -c id',
  'file:///etc',
  'https://h/a.git#-x',
  'https://h/a.git#m:/etc',
  'oci://a',
  'ssh://-o@h/a',
  'ssh://u:p@h/a',
  'ssh://-h/a',
];
for (const text of wrong) {
  test(`${text} is never given to git`, () => assert.notEqual(parseSource(text).kind, 'remote'));
}
for (const repository of ['file:///etc', 'ext::sh', '/etc', '-u', 'git@-x:y', 'https://h/a b']) {
  test(`the repository ${repository} is refused`, () => {
    assert.equal(sourceMistakes({ kind: 'git', repository })[0]?.code, 'source-invalid');
  });
}
