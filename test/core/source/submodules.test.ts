import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSubmodules, resolveSubmoduleUrl } from '../../../src/core/source/submodules.ts';

test('submodules with paths that leave the repository or touch .git are none', () => {
  const entry = (name: string, path: string) => `submodule.${name}.path\n${path}\0submodule.${name}.url\nhttps://h/x\0`;
  const paths = ['lib', 'a/b', '../x', '/x', '.git/hooks', 'a/.GIT/x', 'a/../b', '-x', '', 'a//b'];
  const read = readSubmodules(paths.map((path, at) => entry(`s.${at}`, path)).join(''));
  assert.deepEqual(
    read.map(({ path }) => path),
    ['lib', 'a/b'],
  );
});

for (const [parent, url, expected] of [
  ['https://h/o/x.git', '../y.git', 'https://h/o/y.git'],
  ['https://h/o/x.git/', './y', 'https://h/o/x.git/y'],
  ['https://h:1/o/x', '../../../../y', 'https://h:1/y'],
  ['git@h:o/x.git', '../y.git', 'git@h:o/y.git'],
  ['https://h/x', 'https://other/y', 'https://other/y'],
] as const) {
  test(`${url} beside ${parent}`, () => assert.equal(resolveSubmoduleUrl(parent, url), expected));
}
