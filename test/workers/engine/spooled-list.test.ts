import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { ListedEntry, SourceEntry } from '../../../workers/engine/source-files.ts';
import { spooledList } from '../../../workers/engine/spooled-list.ts';

async function scratchFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-spool-test-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** Entries as they come from an engine; `state.times` counts who had them read. */
function streamed() {
  const state = { times: 0 };
  async function* entries(): AsyncGenerator<SourceEntry> {
    state.times += 1;
    yield { header: { name: 'a/', type: 'directory' }, body: undefined };
    yield { header: { name: 'a/one', size: 6 }, body: Readable.from([Buffer.from('first '), Buffer.from('file')]) };
    yield { header: { name: 'b' }, body: Buffer.alloc(0) };
    yield { header: { name: 'c' }, body: Buffer.alloc(600_000, 'c') };
  }
  return { state, entries };
}

const read = ({ open }: ListedEntry) => (open === undefined ? undefined : text(Readable.from(open())));

test('what came as a stream is read in any order, again and again, and leaves no name', async (t) => {
  const folder = await scratchFolder(t);
  const { state, entries } = streamed();
  const list = spooledList(entries, folder);
  assert.equal(state.times, 0);
  for (let time = 0; time < 2; time += 1) {
    const listed: ListedEntry[] = [];
    for await (const entry of list.entries()) listed.push(entry);
    assert.deepEqual(
      listed.map(({ header }) => header.name),
      ['a/', 'a/one', 'b', 'c'],
    );
    const found = await Promise.all(listed.reverse().map(read));
    assert.deepEqual(found, ['c'.repeat(600_000), '', 'first file', undefined]);
  }
  assert.equal(state.times, 1);
  assert.deepEqual(await readdir(folder), []);
  list.close();
});

test('nothing is read after the list was closed', async (t) => {
  const list = spooledList(streamed().entries, await scratchFolder(t));
  const listed: ListedEntry[] = [];
  for await (const entry of list.entries()) listed.push(entry);
  list.close();
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(async () => read(listed[1] ?? assert.fail('There is no second entry.')), /closed/);
});

test('a stream that breaks off is told to everyone who asks', async (t) => {
  const folder = await scratchFolder(t);
  async function* entries(): AsyncGenerator<SourceEntry> {
    yield { header: { name: 'a' }, body: Buffer.from('x') };
    throw new Error('the engine is gone');
  }
  const list = spooledList(entries, folder);
  for (let time = 0; time < 2; time += 1) {
    await assert.rejects(list.entries()[Symbol.asyncIterator]().next(), /the engine is gone/);
  }
  list.close();
  assert.deepEqual(await readdir(folder), []);
});
