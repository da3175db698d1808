import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyFollowed } from '../../../workers/engine/followed.ts';
import type { EntryHeader, ListedEntry } from '../../../workers/engine/source-files.ts';

const plain: readonly EntryHeader[] = [
  { name: 'a/', type: 'directory' },
  { name: 'a/b/', type: 'directory' },
  { name: 'a/b/c', type: 'file' },
  { name: 'a/bb', type: 'file' },
  { name: 'd', type: 'file' },
];
const all = ['a/', 'a/b/', 'a/b/c', 'a/bb', 'd'];

async function* listOf(headers: readonly EntryHeader[]): AsyncGenerator<ListedEntry> {
  for (const header of headers) yield { header, open: undefined };
}

for (const { paths, expected } of [
  { paths: undefined, expected: all },
  { paths: 'd', expected: ['d'] },
  { paths: 'a/b', expected: ['a/', 'a/b/', 'a/b/c'] },
  { paths: '/a/b/c', expected: ['a/', 'a/b/', 'a/b/c'] },
  { paths: './a/./b/, d', expected: ['a/', 'a/b/', 'a/b/c', 'd'] },
  { paths: '.dockerignore', expected: [] },
  { paths: 'a/b*', expected: all },
  { paths: 'd, a/[x]', expected: all },
  { paths: '/', expected: all },
  { paths: '.', expected: all },
  { paths: 'ü', expected: all },
]) {
  test(`of a build that follows ${paths ?? 'it does not say what'} these are needed: ${expected.join(' ')}`, async () => {
    const names: string[] = [];
    for await (const { header } of onlyFollowed(listOf(plain), paths)) names.push(header.name);
    assert.deepEqual(names, expected);
  });
}

for (const { name, more, paths } of [
  { name: 'a symbolic link on the way', more: { name: 'l', type: 'symlink', linkname: 'a' }, paths: 'l/b' },
  { name: 'a symbolic link at its end', more: { name: 'l', type: 'symlink', linkname: 'a' }, paths: 'l' },
  { name: 'a name like two paths', more: { name: 'x, d', type: 'file' }, paths: 'x, d' },
] satisfies readonly { name: string; more: EntryHeader; paths: string }[]) {
  test(`everything is needed with ${name}`, async () => {
    const names: string[] = [];
    for await (const { header } of onlyFollowed(listOf([...plain, more]), paths)) names.push(header.name);
    assert.deepEqual(names, [...all, more.name]);
  });
}
