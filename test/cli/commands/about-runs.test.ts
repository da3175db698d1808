/** The commands that look at runs: runs, show, logs, cancel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../../src/cli/program.ts';
import { startFakeServer } from '../support/fake-server.ts';
import { createTestTerminal, slipway } from '../support/test-terminal.ts';

const log = [
  { first: 1, last: 2, at: 0, attempt: 1, stream: 'stdout', step: 'a', text: 'one\ntwo \u001b[2J' },
  { first: 3, last: 3, at: 0, attempt: 1, stream: 'engine', text: 'three' },
] as const;

test('runs: filters go to the server, the table fits the terminal', async (t) => {
  const image = { registry: 'r', repository: 'team/with-a-long-name', tag: 'latest', digest: 'sha256:x' };
  const server = await startFakeServer(t, { change: { outputImages: [image], taskName: 'task.yaml' } });
  const args = [
    'runs',
    '--status',
    'failed,Error',
    '--status',
    'TIMEOUT',
    '--since',
    '2h',
    '--until',
    '2026-01-01T00:00Z',
    '--task',
    'x',
    '--image',
    'y',
  ];
  const now = () => 1_000_000 + 10_800_000;
  const done = await slipway(args, { env: server.env, now, isTerminal: true, columns: 60 });
  assert.equal(done.code, 0, done.err);
  assert.equal(
    done.out,
    'RUN       STATUS  QUEUED   TOOK  TASK       IMAGES\nr1a2b3c4  Queued  3 h ago        task.yaml  team/with-a-lon…\n',
  );
  const query = new URL(server.asked[0]?.slice(4) ?? '', 'http://x').searchParams;
  assert.deepEqual(
    [...query],
    [
      ['status', 'Failed'],
      ['status', 'Error'],
      ['status', 'Timeout'],
      ['task', 'x'],
      ['image', 'y'],
      ['since', String(1_000_000 + 3_600_000)],
      ['until', String(Date.parse('2026-01-01T00:00Z'))],
      ['limit', '20'],
    ],
  );
});

for (const args of [
  ['--status', 'done'],
  ['--since', 'yesterday'],
  ['--limit', '0'],
]) {
  test(`runs ${args.join(' ')} is bad input`, async () => {
    const done = await slipway(['runs', ...args]);
    assert.equal(done.code, 2);
    assert.match(done.err, /^error: option .* is invalid\. It must be/);
  });
}

test('runs, show and cancel print one JSON document', async (t) => {
  const server = await startFakeServer(t);
  const { env } = server;
  assert.equal(JSON.parse((await slipway(['runs', '--json'], { env })).out).runs[0].id, 'r1a2b3c4');
  assert.equal(JSON.parse((await slipway(['show', 'r1a2b3c4', '--json'], { env })).out).id, 'r1a2b3c4');
  assert.equal(JSON.parse((await slipway(['cancel', 'r1a2b3c4', '--json'], { env })).out).status, 'Canceled');
});

test('show tells what was asked for, the steps and the failure', async (t) => {
  const server = await startFakeServer(t, {
    change: {
      status: 'Failed',
      startedAt: 1_000_000,
      finishedAt: 1_004_000,
      worker: 'w1',
      attempt: 2,
      steps: [{ id: 'test', kind: 'cmd', status: 'failed', startedAt: 0, finishedAt: 2000, exitCode: 3 }],
      failure: { code: 'step-failed', message: 'Step test failed.', hint: 'Read its log.', step: 'test' },
    },
  });
  const done = await slipway(['show', 'r1a2b3c4'], { env: server.env, now: () => 1_064_000 });
  assert.equal(done.code, 0);
  for (const line of [
    'Status     Failed',
    'Asked for  build of hello from Dockerfile',
    'Finished   1970-01-01T00:16:44.000Z (1 min ago)',
    'Took       4.0s',
    'Worker     w1 (attempt 2, pool default)',
    '  test  cmd    failed        2.0s  exit code 3',
    'Failure in step test: Step test failed.',
    '  hint: Read its log.',
  ]) {
    assert.ok(done.out.split('\n').includes(line), `${line}\nis not in\n${done.out}`);
  }
});

test('show tells what builds found made, and what that saved as far as that is known', async (t) => {
  const step = { kind: 'build', status: 'succeeded', startedAt: 0, finishedAt: 2000 } as const;
  const build = { instructions: 5, cached: 4, seconds: 1.9, dependencies: [] };
  const steps = [
    { id: 'a', ...step, build: { ...build, savedSeconds: 83.2 } },
    { id: 'b', ...step, build },
    { id: 'c', ...step, build: { ...build, instructions: 0, cached: 0 } },
  ];
  const server = await startFakeServer(t, { change: { steps } });
  const shown = await slipway(['show', 'r1a2b3c4'], { env: server.env });
  assert.deepEqual(
    shown.out.split('\n').filter((line) => line.includes(' build ') && line.includes('succeeded')),
    [
      '  a  build  succeeded     2.0s  4 of 5 cached, 1m 23s saved',
      '  b  build  succeeded     2.0s  4 of 5 cached',
      '  c  build  succeeded     2.0s',
    ],
  );
  const record = JSON.parse((await slipway(['show', 'r1a2b3c4', '--json'], { env: server.env })).out);
  assert.equal(record.steps[0].build.savedSeconds, 83.2);
});

test('logs: raw bytes into a pipe, harmless on a terminal', async (t) => {
  const server = await startFakeServer(t, { log });
  const piped = await slipway(['logs', 'r1a2b3c4'], { env: server.env });
  assert.deepEqual([piped.code, piped.out], [0, 'one\ntwo \u001b[2J\nthree\n']);
  const shown = await slipway(['logs', 'r1a2b3c4'], { env: server.env, isTerminal: true });
  assert.equal(shown.out, 'one\ntwo ^[[2J\nthree\n');
});

test('logs --follow ends with the run and exits with 0 however it ended', async (t) => {
  const server = await startFakeServer(t, { log, ending: 'Failed' });
  const done = await slipway(['logs', 'r1a2b3c4', '--follow'], { env: server.env });
  assert.deepEqual([done.code, done.out], [0, '[a] one\n[a] two \u001b[2J\nthree\n']);
});

test('logs --json prints the chunks of a run that goes on, without waiting for its end', async (t) => {
  const server = await startFakeServer(t, { log });
  const done = await slipway(['logs', 'r1a2b3c4', '--json'], { env: server.env });
  assert.deepEqual(JSON.parse(done.out), log);
  const empty = await slipway(['logs', 'r1a2b3c4', '--json'], { env: (await startFakeServer(t)).env });
  assert.deepEqual(JSON.parse(empty.out), []);
});

test('logs --follow: a reader that leaves ends it quietly, Ctrl-C ends it without canceling', async (t) => {
  const server = await startFakeServer(t, { log });
  for (const [leave, expected] of [
    ['leaveStdout', 0],
    ['SIGINT', 130],
  ] as const) {
    const terminal = createTestTerminal({ env: server.env });
    const code = runCli(['logs', 'r1a2b3c4', '--follow'], terminal, '1');
    while (!terminal.outText().includes('three')) await new Promise((resolve) => setImmediate(resolve));
    if (leave === 'leaveStdout') terminal.leaveStdout();
    else terminal.signal(leave);
    assert.equal(await code, expected);
  }
  assert.ok(!server.asked.some((route) => route.endsWith('/cancel')));
});

test('keep: a log is kept, then let go; a log that was deleted says so', async (t) => {
  const { env, asked } = await startFakeServer(t, {});
  const kept = await slipway(['keep', 'r1a2b3c4', '--json'], { env });
  assert.equal(JSON.parse(kept.out).keepLog, true);
  assert.match(kept.err, /The log of run r1a2b3c4 is kept/);
  assert.match((await slipway(['show', 'r1a2b3c4'], { env })).out, /Log +kept/);
  assert.match((await slipway(['keep', 'r1a2b3c4', '--undo'], { env })).err, /is deleted when its time is over/);
  assert.equal(asked.filter((route) => route.startsWith('PATCH')).length, 2);
  const old = await startFakeServer(t, { ending: 'Succeeded', change: { logDeletedAt: 0 } });
  assert.match((await slipway(['logs', 'r1a2b3c4', '--follow'], old)).err, /was deleted on 1970-01-01/);
});

test('cancel: one unknown run does not keep the others from it', async (t) => {
  const server = await startFakeServer(t);
  const done = await slipway(['cancel', 'r0000000', 'r1a2b3c4', '--json'], { env: server.env });
  assert.equal(done.code, 7);
  assert.match(done.err, /There is no such run.*Run r1a2b3c4 is canceled/s);
  assert.equal(JSON.parse(done.out).length, 1);
});

test('cancel of a run that has ended says how', async (t) => {
  const server = await startFakeServer(t, { deafToCancel: true, change: { status: 'Succeeded' } });
  const done = await slipway(['cancel', 'r1a2b3c4'], { env: server.env });
  assert.deepEqual([done.code, done.err], [0, 'Run r1a2b3c4 had already ended: Succeeded.\n']);
});
