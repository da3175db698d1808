import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIgnore, ignoreProblems } from '../../src/core/ignore.ts';

/** Moby's own cases (patternmatcher): pattern, path, whether it is left out. */
const single: readonly (readonly [string, string, boolean])[] = [
  ['**', 'file', true],
  ['**', 'file/', true],
  ['**/', 'file', true],
  ['**/', 'dir/file', true],
  ['**', 'dir/file/', true],
  ['**/**', 'dir/file', true],
  ['dir/**', 'dir/file', true],
  ['dir/**', 'dir/dir2/file/', true],
  ['**/dir', 'dir', true],
  ['**/dir', 'dir/file', true],
  ['**/dir2/*', 'dir/dir2/file', true],
  ['**/dir2/**', 'dir/dir2/dir3/file', true],
  ['**file', 'file', true],
  ['**file', 'dir/file', true],
  ['**/file', 'dir/file', true],
  ['**file', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file.txt', true],
  ['**/file*txt', 'dir/dir/file.txt', true],
  ['**/file*.txt*', 'dir/dir/file.txt', true],
  ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false],
  ['**/*.txt', 'file.txt', true],
  ['**/**/*.txt', 'file.txt', true],
  ['a**/*.txt', 'a/file.txt', true],
  ['a**/*.txt', 'a/dir/dir/file.txt', true],
  ['a/*.txt', 'a/dir/file.txt', false],
  ['a/*.txt', 'a/file.txt', true],
  ['a/*.txt**', 'a/file.txt', true],
  ['a[b-d]e', 'ae', false],
  ['a[b-d]e', 'ace', true],
  ['a[b-d]e', 'aae', false],
  ['a[^b-d]e', 'aze', true],
  ['.*', '.foo', true],
  ['.*', 'foo', false],
  ['abc.def', 'abcdef', false],
  ['abc.def', 'abc.def', true],
  ['abc.def', 'abcZdef', false],
  ['abc?def', 'abcZdef', true],
  ['abc?def', 'abcdef', false],
  ['a\\\\', 'a\\', true],
  ['**/foo/bar', 'foo/bar', true],
  ['**/foo/bar', 'dir/dir2/foo/bar', true],
  ['abc/**', 'abc', false],
  ['abc/**', 'abc/def/ghi', true],
  ['**/.foo', '.foo', true],
  ['**/.foo', 'bar.foo', false],
  ['a(b)c/def', 'a(b)c/def', true],
  ['a(b)c/def', 'a(b)c/xyz', false],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
  ['dist/*.whl', 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl', true],
  [
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    true,
  ],
  ['*', 'any/thing', true],
  ['/top', 'top/x', true],
  ['/top', 'below/top', false],
  ['dir/', 'dir/x', true],
  ['./dir//sub/../x', 'dir/x', true],
];

for (const [pattern, path, left] of single) {
  test(`${pattern} ${left ? 'leaves out' : 'keeps'} ${path}`, () =>
    assert.equal(createIgnore(pattern).ignores(path), left));
}

const several = [
  {
    name: 'a folder is taken back with all in it',
    text: '**\n!util/docker/web',
    path: 'util/docker/web/foo',
    left: false,
  },
  {
    name: 'a file in it is left out again',
    text: '**\n!util/docker/web\nutil/docker/web/foo',
    path: 'util/docker/web/foo',
    left: true,
  },
  { name: 'a wildcard takes back', text: '**\n!dist/*.whl', path: 'dist/a.whl', left: false },
  { name: 'the last match decides', text: '!a\na', path: 'a', left: true },
  { name: 'blanks around a pattern and after ! mean nothing', text: '  *  \n ! a ', path: 'a', left: false },
  { name: '# in the first column is a comment', text: '#a', path: '#a', left: false },
  { name: '# after a blank is a pattern', text: ' #a', path: '#a', left: true },
  { name: 'a byte order mark is skipped', text: '\ufeffa', path: 'a', left: true },
  { name: 'a line end of Windows is no part of the pattern', text: 'a\r\nb\r\n', path: 'a', left: true },
  { name: 'a regular expression is only text', text: 'a+', path: 'aa', left: false },
] as const;

for (const { name, text, path, left } of several) {
  test(name, () => assert.equal(createIgnore(text).ignores(path), left));
}

const prune = [
  { name: 'a folder without exceptions', text: 'node_modules', folder: 'node_modules', prune: true },
  { name: 'a folder that is not left out', text: 'node_modules', folder: 'src', prune: false },
  { name: 'an exception below', text: 'a\n!a/b/c', folder: 'a', prune: false },
  { name: 'an exception elsewhere', text: '*\n!src', folder: 'docs', prune: true },
  { name: 'an exception with ** may be anywhere', text: '*\n!**/keep', folder: 'docs', prune: false },
  { name: 'an exception with a wildcard that fits', text: '*\n!d*/keep', folder: 'docs', prune: false },
  { name: 'an exception with a wildcard that does not', text: '*\n!s*/keep', folder: 'docs', prune: true },
] as const;

for (const { name, text, folder, prune: expected } of prune) {
  test(`pruning: ${name}`, () => assert.equal(createIgnore(text).canPrune(folder), expected));
}

test('paths that are always sent are never left out, and their folders are looked into', () => {
  const ignore = createIgnore('*', ['docker/[a]/Dockerfile']);
  assert.equal(ignore.ignores('docker/[a]/Dockerfile'), false);
  assert.equal(ignore.canPrune('docker'), false);
  assert.equal(ignore.canPrune('docker/[a]'), false);
  assert.equal(ignore.canPrune('docker/a'), true);
});

test('lines that are no patterns are named', () => {
  assert.deepEqual(
    ignoreProblems('a\n!\n[z-a]\nb[').map(({ line }) => line),
    [2, 3, 4],
  );
});

test('a pattern made to be slow is not', () => {
  const ignore = createIgnore(`${'**/a*'.repeat(40)}b`);
  const started = performance.now();
  assert.equal(ignore.ignores('a/'.repeat(1500)), false);
  assert.ok(performance.now() - started < 5000);
});
