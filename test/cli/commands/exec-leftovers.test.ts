import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { removeLeftovers, writeOwner } from '../../../src/cli/commands/exec-leftovers.ts';

const temporary = await mkdtemp(path.join(tmpdir(), 'slipway-leftovers-'));
process.env.TMPDIR = temporary;
after(() => rm(temporary, { recursive: true }));

const DEAD = 7;
const processes = { own: DEAD, runs: (pid: number) => pid !== DEAD };
const engine = 'unix:///engine';

async function folderOf(name: string, dockerHost = engine, own = DEAD): Promise<string> {
  const folder = path.join(temporary, name);
  await mkdir(folder);
  await writeOwner(folder, dockerHost, { ...processes, own });
  return folder;
}

test('only what belongs to a process of this machine that is gone is removed, and only on its engine', async () => {
  await folderOf('slipway-exec-dead');
  await folderOf('slipway-exec-alive', engine, 8);
  await folderOf('slipway-exec-other-engine', 'unix:///other');
  await folderOf('another-program');
  await mkdir(path.join(temporary, 'slipway-exec-beginning'));
  const elsewhere = path.join(await folderOf('slipway-exec-elsewhere'), 'owner.json');
  await writeFile(elsewhere, JSON.stringify({ ...JSON.parse(await readFile(elsewhere, 'utf8')), machine: 'b' }));
  const cleaned: string[] = [];
  assert.equal(await removeLeftovers(engine, processes, async (name) => cleaned.push(name)), 1);
  assert.deepEqual(cleaned, ['slipway-exec-dead']);
  assert.deepEqual((await readdir(temporary)).sort(), [
    'another-program',
    'slipway-exec-alive',
    'slipway-exec-beginning',
    'slipway-exec-elsewhere',
    'slipway-exec-other-engine',
  ]);
});

test('a folder stays until the engine has let go of what belongs to it', async () => {
  await folderOf('slipway-exec-stubborn');
  await assert.rejects(
    removeLeftovers(engine, processes, () => Promise.reject(new Error('busy'))),
    /busy/,
  );
  assert.ok((await readdir(temporary)).includes('slipway-exec-stubborn'));
});
