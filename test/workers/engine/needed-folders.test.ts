import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withNeededFolders } from '../../../workers/engine/needed-folders.ts';

const names = ['a/', 'a/b/', 'a/b/c', 'a/d/', 'e/', 'e/f/', 'g'];

for (const { wanted, expected } of [
  { wanted: () => true, expected: names },
  { wanted: () => false, expected: ['a/', 'a/b/', 'a/b/c', 'g'] },
  { wanted: (name: string) => name === 'e/f', expected: ['a/', 'a/b/', 'a/b/c', 'e/', 'e/f/', 'g'] },
]) {
  test(`unwanted folders are left out unless something lies in them: ${expected.join(' ')}`, async () => {
    async function* entries() {
      for (const name of names)
        yield { header: { name, ...(name.endsWith('/') ? { type: 'directory' as const } : {}) } };
    }
    const found: string[] = [];
    const filter = { wants: wanted, canSkip: () => false };
    for await (const { header } of withNeededFolders(entries(), filter)) found.push(header.name);
    assert.deepEqual(found, expected);
  });
}
