import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { startFakeServer } from '../support/fake-server.ts';
import { slipway } from '../support/test-terminal.ts';

const TASK = 'version: v1.1.0\nsteps:\n  - id: hi\n    cmd: busybox echo {{.Values.who}}\n';

async function project(t: TestContext, task = TASK): Promise<string> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'slipway-run-'));
  t.after(() => rm(cwd, { recursive: true }));
  await mkdir(path.join(cwd, 'app'));
  await writeFile(path.join(cwd, 'app/task.yaml'), task);
  await writeFile(path.join(cwd, 'app/values.yaml'), 'who: file\n');
  return cwd;
}

test('the task is read from the context, and goes along as text with its values', async (t) => {
  const server = await startFakeServer(t, { ending: 'Succeeded' });
  const args = [
    'run',
    '-f',
    'task.yaml',
    '--values',
    'values.yaml',
    '--set',
    'who=me=you',
    '--set',
    'n=',
    '--platform',
    'linux/arm64',
    'app',
  ];
  const done = await slipway(args, { cwd: await project(t), env: server.env });
  assert.equal(done.code, 0, done.err);
  assert.deepEqual(server.scheduled, [
    {
      kind: 'encoded-task',
      source: { kind: 'upload', uploadId: 'u00000000000000a' },
      taskText: TASK,
      taskName: 'task.yaml',
      valuesText: 'who: file\n',
      set: { who: 'me=you', n: '' },
      platform: 'linux/arm64',
    },
  ]);
});

test('-f - reads standard input, and /dev/null sends no source', async (t) => {
  const server = await startFakeServer(t, { ending: 'Succeeded' });
  const done = await slipway(['run', '-f', '-', '/dev/null'], { stdin: TASK, env: server.env });
  assert.equal(done.code, 0, done.err);
  assert.deepEqual(server.scheduled, [
    { kind: 'encoded-task', source: { kind: 'none' }, taskText: TASK, taskName: 'stdin' },
  ]);
  assert.deepEqual(server.uploads, []);
});

test('--cmd makes a task of one step', async (t) => {
  const server = await startFakeServer(t, { ending: 'Succeeded' });
  const done = await slipway(['run', '--cmd', 'busybox echo "a: b"', '/dev/null'], { env: server.env });
  assert.equal(done.code, 0, done.err);
  assert.match(JSON.stringify(server.scheduled), /busybox echo \\+"a: b\\+"/);
});

const refused = [
  {
    name: 'wrong YAML',
    task: 'steps:\n  - cmd: [a\n',
    args: ['-f', 'app/task.yaml', '.'],
    says: /^app\/task\.yaml:\d+:\d+: error: .*\n .*\n +\^/,
  },
  {
    name: 'an unknown kind of step',
    task: 'steps:\n  - id: x\n    comand: busybox ls\n',
    args: ['-f', 'app/task.yaml', '.'],
    says: /app\/task\.yaml:\d+:\d+: error:/,
  },
  {
    name: 'a task file that is not there',
    args: ['-f', 'no.yaml', 'app'],
    says: /"no\.yaml" does not exist .* and .*app\/no\.yaml/,
  },
  {
    name: 'a values file that is not there',
    args: ['-f', 'app/task.yaml', '--values', 'no', '.'],
    says: /The values file "no"/,
  },
  { name: 'no task', args: ['.'], says: /No task is given/ },
  { name: 'two tasks', args: ['-f', 'x', '--cmd', 'y', '.'], says: /Both -f and --cmd/ },
  { name: 'an empty command', args: ['--cmd', ' ', '.'], says: /--cmd is empty/ },
  { name: 'a shell operator in a command', args: ['--cmd', 'busybox ls | wc', '.'], says: /busybox sh -c 'ls \| wc'/ },
  { name: 'a setting without =', args: ['-f', 'app/task.yaml', '--set', 'who', '.'], says: /KEY=VALUE/ },
];
for (const { name, task, args, says } of refused) {
  test(`${name} is refused without asking the server`, async (t) => {
    const server = await startFakeServer(t);
    const done = await slipway(['run', ...args], { cwd: await project(t, task), env: server.env });
    assert.equal(done.code, 2);
    assert.match(done.err, says);
    assert.deepEqual([server.asked, done.out], [[], '']);
  });
}
