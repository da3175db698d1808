import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SourceEntry, toListing } from '../../../src/cli/source/entry.ts';
import { refuseTooLarge } from '../../../src/cli/source/too-large.ts';

function file(path: string, bytes: number): SourceEntry {
  return { kind: 'file', path, file: `/x/${path}`, bytes, mode: 0o644, modifiedAt: new Date(0) };
}

const listing = toListing([
  file('.git/objects/a', 3_000_000),
  file('.git/objects/b', 4_000_000),
  file('Dockerfile', 100),
  file('data.bin', 6_000_000),
  file('e', 5),
  file('f', 4),
  file('g', 3),
]);

test('what fits is not refused, to the byte', () => {
  assert.equal(refuseTooLarge(listing, listing.bytes), undefined);
});

test('what does not is refused with its five largest entries, folders with all they hold', () => {
  const refusal = refuseTooLarge(listing, listing.bytes - 1);
  assert.match(refusal?.message ?? '', /has 13 MB; the server takes at most 13 MB/);
  const named = [...(refusal?.message.matchAll(/^ +[\d.]+ \w+ {2}(.+)$/gm) ?? [])].map((match) => match[1]);
  assert.deepEqual(named, ['.git/', 'data.bin', 'Dockerfile', 'e', 'f']);
  assert.match(refusal?.hint ?? '', /"\.git\/" to \.dockerignore/);
});
