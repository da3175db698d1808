import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { inWorkspace } from '../../../src/cli/commands/exec-workspace.ts';
import type { SourceListing } from '../../../src/cli/source/entry.ts';
import { prepareSource } from '../../../src/cli/source/prepare.ts';

// The copies of this test lie in a folder of its own, so that what is left there is seen.
const copies = await mkdtemp(path.join(tmpdir(), 'slipway-copies-'));
const source = await mkdtemp(path.join(tmpdir(), 'slipway-source-'));
process.env.TMPDIR = copies;
after(() => Promise.all([copies, source].map((folder) => rm(folder, { recursive: true }))));
await writeFile(path.join(source, 'kept'), 'content');
await writeFile(path.join(source, 'ignored'), '');
await writeFile(path.join(source, '.dockerignore'), 'ignored\n');

async function listing(): Promise<SourceListing> {
  const prepared = await prepareSource(source, undefined, []);
  assert.ok(prepared.ok);
  return prepared.value.listing;
}

const owner = { dockerHost: 'unix:///engine', processes: { own: 7, runs: () => true } };
const never = new AbortController().signal;

test('the work gets a copy of what would be sent, which is gone afterwards', async () => {
  const seen = await inWorkspace(
    await listing(),
    owner,
    async ({ directory }) => [await readFile(path.join(directory, 'kept'), 'utf8'), (await readdir(directory)).sort()],
    never,
  );
  assert.deepEqual(seen, ['content', ['.dockerignore', 'kept']]);
  assert.deepEqual(await readdir(copies), []);
});

test('without a source the folder is empty', async () => {
  assert.deepEqual(await inWorkspace(undefined, owner, ({ directory }) => readdir(directory), never), []);
});

test('an interruption ends the copying, and nothing stays behind', async () => {
  const interrupted = new AbortController();
  const reason = new Error('Ended by SIGINT.');
  const copying = inWorkspace(await listing(), owner, async () => assert.fail('the work began'), interrupted.signal);
  interrupted.abort(reason);
  await assert.rejects(copying, reason);
  assert.deepEqual(await readdir(copies), []);
});

test('the copy goes when the work fails', async () => {
  await assert.rejects(
    inWorkspace(await listing(), owner, () => Promise.reject(new Error('no')), never),
    /no/,
  );
  assert.deepEqual(await readdir(copies), []);
});
