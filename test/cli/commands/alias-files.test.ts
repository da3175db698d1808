import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { startFakeServer } from '../support/fake-server.ts';
import { slipway } from '../support/test-terminal.ts';

const TASK = 'version: v1.1.0\nalias: {src: [a.yaml]}\nsteps: [{id: hi, cmd: busybox echo $who}]\n';

/** A folder with a folder `app`; paths and contents. */
async function project(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'slipway-alias-'));
  t.after(() => rm(cwd, { recursive: true }));
  await mkdir(path.join(cwd, 'app'));
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(cwd, name), content);
  return cwd;
}

const planned = [
  { name: 'in the current folder', files: { 'a.yaml': 'who: here', 'app/a.yaml': 'who: there' }, expected: 'here' },
  { name: 'in the context', files: { 'app/a.yaml': 'who: there' }, expected: 'there' },
];

for (const { name, files, expected } of planned) {
  test(`plan finds alias files ${name}`, async (t) => {
    const done = await slipway(['plan', '-f', '-', 'app'], { cwd: await project(t, files), stdin: TASK });
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, new RegExp(`busybox echo ${expected}`));
  });
}

test('plan tells of an alias file that is nowhere', async (t) => {
  const done = await slipway(['plan', '-f', '-', 'app'], { cwd: await project(t, {}), stdin: TASK });
  assert.equal(done.code, 2);
  assert.match(done.err, /stdin:2:15: error: The alias file "a.yaml" cannot be read: the source has no such file/);
});

test('run takes alias files from the context, and sends them although they are ignored', async (t) => {
  const server = await startFakeServer(t, { ending: 'Succeeded' });
  const files = {
    'a.yaml': 'bad name: here',
    'app/real.yaml': 'who: there',
    'app/.dockerignore': '*.yaml\n',
    'app/x': '',
  };
  const cwd = await project(t, files);
  await symlink('real.yaml', path.join(cwd, 'app/a.yaml'));
  const done = await slipway(['run', '-f', '-', 'app'], { cwd, stdin: TASK, env: server.env });
  assert.equal(done.code, 0, done.err);
  const [archive] = server.uploads;
  const tar = archive?.toString('latin1') ?? '';
  assert.deepEqual(
    ['a.yaml', 'real.yaml', 'other.yaml'].filter((file) => tar.includes(`\0${file}\0`) || tar.startsWith(`${file}\0`)),
    ['a.yaml', 'real.yaml'],
  );
});

for (const { name, args, files, says } of [
  {
    name: 'run does not take what a worker would not find',
    args: ['run', '-f', '-', 'app'],
    files: { 'a.yaml': 'who: here' },
    says: /no such file\n[\s\S]*hint: It is in .*, but only .*app is sent: move it there/,
  },
  { name: 'exec neither', args: ['exec', '-f', '-', 'app'], files: { 'a.yaml': '' }, says: /but only .*app is sent/ },
  {
    name: 'no source has no files',
    args: ['run', '-f', '-', '/dev/null'],
    files: { 'a.yaml': 'who: here' },
    says: /cannot be read: the run has no source/,
  },
]) {
  test(name, async (t) => {
    const server = await startFakeServer(t, { ending: 'Succeeded' });
    const done = await slipway(args, { cwd: await project(t, files), stdin: TASK, env: server.env });
    assert.equal(done.code, 2, done.err);
    assert.match(done.err, says);
    assert.deepEqual([server.uploads, server.scheduled], [[], []]);
  });
}

test('plan refuses a URL into this machine, as a worker will', async (t) => {
  const stdin = TASK.replace('a.yaml', 'http://127.0.0.1:1/a');
  const done = await slipway(['plan', '-f', '-', 'app'], { cwd: await project(t, {}), stdin });
  assert.equal(done.code, 2);
  assert.match(done.err, /127\.0\.0\.1:1 is the worker itself/);
});
