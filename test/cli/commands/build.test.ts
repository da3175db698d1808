import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { extract } from 'tar-stream';
import { runCli } from '../../../src/cli/program.ts';
import type { Run, RunStatus } from '../../../task-schemas/index.ts';
import { startFakeServer } from '../support/fake-server.ts';
import { createTestTerminal, slipway } from '../support/test-terminal.ts';

async function project(t: TestContext): Promise<string> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'slipway-build-'));
  t.after(() => rm(cwd, { recursive: true }));
  await writeFile(path.join(cwd, 'Dockerfile'), 'FROM scratch\n');
  await writeFile(path.join(cwd, 'main.c'), 'int main;\n');
  return cwd;
}

async function namesIn(archive: Buffer): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names;
}

const image = { registry: 'registry.test', repository: 'hello', tag: 'v1', digest: `sha256:${'a'.repeat(64)}` };

test('a folder is sent, queued, followed, and its result told', async (t) => {
  const server = await startFakeServer(t, {
    ending: 'Succeeded',
    log: [
      { first: 1, last: 1, at: 0, attempt: 1, stream: 'engine', text: 'Queued a run' },
      { first: 2, last: 3, at: 0, attempt: 1, stream: 'stdout', step: 'build', text: 'one\ntwo' },
    ],
    change: {
      outputImages: [image],
      steps: [{ id: 'build', kind: 'build', status: 'succeeded', startedAt: 1000, finishedAt: 3500 }],
    },
  });
  const args = [
    'build',
    '-t',
    'hello:v1',
    '--build-arg',
    'A=b=c',
    '--build-arg',
    'HOME',
    '--target',
    'x',
    '--no-cache',
    '--timeout',
    '60',
    '.',
  ];
  const done = await slipway(args, { cwd: await project(t), env: { ...server.env, HOME: '/home/me' } });
  assert.equal(done.code, 0, done.err);
  assert.deepEqual(server.scheduled, [
    {
      kind: 'docker-build',
      source: { kind: 'upload', uploadId: 'u00000000000000a' },
      images: ['hello:v1'],
      push: true,
      dockerfile: 'Dockerfile',
      target: 'x',
      buildArgs: { A: 'b=c', HOME: '/home/me' },
      noCache: true,
      timeoutSeconds: 60,
    },
  ]);
  assert.deepEqual(await namesIn(server.uploads[0] ?? Buffer.alloc(0)), ['Dockerfile', 'main.c']);
  assert.equal(
    done.out,
    `Queued a run\n[build] one\n[build] two\n\n  build  build  succeeded     2.5s\nPushed registry.test/hello:v1@${image.digest}\nRun r1a2b3c4 Succeeded after 15s\n`,
  );
  assert.match(done.err, /^Sending source: 2 files, 23 B\nSent source: 2 files, 23 B in .*\nQueued run r1a2b3c4\n$/);
});

const endings: readonly (readonly [RunStatus, number])[] = [
  ['Failed', 1],
  ['Canceled', 3],
  ['Timeout', 4],
  ['Error', 5],
];
for (const [ending, code] of endings) {
  test(`a run that ends as ${ending} exits with ${code} and says why on standard error`, async (t) => {
    const failure = { code: 'x', message: 'It went wrong.', hint: 'Do it right.' };
    const server = await startFakeServer(t, { ending, change: { failure } });
    const done = await slipway(['build', '-t', 'hello', '.'], { cwd: await project(t), env: server.env });
    assert.equal(done.code, code);
    assert.match(done.err, /\nerror: It went wrong\.\n {2}hint: Do it right\.\n$/);
    assert.match(done.out, new RegExp(`Run r1a2b3c4 ${ending} after 15s\n$`));
  });
}

test('--json prints the final record alone; the log goes to standard error', async (t) => {
  const log = [{ first: 1, last: 1, at: 0, attempt: 1, stream: 'stdout', step: 'build', text: 'line' }] as const;
  const server = await startFakeServer(t, { ending: 'Failed', log });
  const done = await slipway(['build', '-t', 'hello', '--json', '.'], { cwd: await project(t), env: server.env });
  const run: Run = JSON.parse(done.out);
  assert.deepEqual([done.code, run.id, run.status], [1, 'r1a2b3c4', 'Failed']);
  assert.match(done.err, /\[build\] line\n/);
});

test('--no-wait prints the id alone and follows nothing', async (t) => {
  const server = await startFakeServer(t);
  const done = await slipway(['build', '-t', 'hello', '--no-wait', '.'], { cwd: await project(t), env: server.env });
  assert.deepEqual([done.code, done.out], [0, 'r1a2b3c4\n']);
  assert.ok(!server.asked.some((route) => route.includes('/events')));
});

test('a source over the limit of the server is refused before it is sent', async (t) => {
  const server = await startFakeServer(t, { maxSourceBytes: 10 });
  const done = await slipway(['build', '-t', 'hello', '.'], { cwd: await project(t), env: server.env });
  assert.equal(done.code, 2);
  assert.match(done.err, /the server takes at most 10 B.*13 B {2}Dockerfile.*\.dockerignore/s);
  assert.deepEqual(server.uploads, []);
});

const refused = [
  {
    name: 'no Dockerfile',
    args: ['sub'],
    says: /The Dockerfile "Dockerfile" does not exist \(looked for .*\/sub\/Dockerfile\)/,
  },
  { name: 'a missing -f', args: ['-f', 'No', '.'], says: /"No" does not exist/ },
  { name: 'a folder as -f', args: ['-f', 'sub', '.'], says: /"sub" is not a file/ },
  { name: 'a file as context', args: ['main.c'], says: /is a file; it must be the folder/ },
  { name: 'a context that is not there', args: ['nope'], says: /"nope" does not exist/ },
  { name: 'no source', args: ['/dev/null'], says: /A build needs a folder/ },
  { name: 'a bad name', args: ['-t', 'Hello:v1', '.'], says: /error: .*Hello/ },
  { name: 'a bad build argument', args: ['--build-arg', '=x', '.'], says: /KEY=VALUE/ },
  { name: 'an unset build argument', args: ['--build-arg', 'UNSET', '.'], says: /variable of the environment/ },
  { name: 'no context', args: [], says: /missing required argument 'context'/ },
  { name: 'an unknown option', args: ['--tga', 'x', '.'], says: /Did you mean --tag\?/ },
  { name: 'a bad platform', args: ['--platform', 'arm64', '.'], says: /os\/architecture/ },
  { name: 'a bad timeout', args: ['--timeout', '1h', '.'], says: /whole number from 1 to 86400/ },
];
for (const { name, args, says } of refused) {
  test(`${name} is refused without asking the server`, async (t) => {
    const server = await startFakeServer(t);
    const cwd = await project(t);
    await mkdir(path.join(cwd, 'sub'));
    const done = await slipway(['build', ...args], { cwd, env: server.env });
    assert.equal(done.code, 2);
    assert.match(done.err, says);
    assert.deepEqual([server.asked, done.out], [[], '']);
  });
}

test('a server that is not there, and one that refuses', async (t) => {
  const cwd = await project(t);
  const gone = await slipway(['build', '-t', 'a', '--server', 'http://127.0.0.1:1', '--token', 'x', '.'], { cwd });
  assert.equal(gone.code, 6);
  assert.match(gone.err, /^error: The Slipway server at http:\/\/127\.0\.0\.1:1 can't be reached/);
  const server = await startFakeServer(t);
  const refusal = await slipway(['build', '-t', 'a', '--token', 'wrong', '.'], { cwd, env: server.env });
  assert.equal(refusal.code, 7);
  assert.match(refusal.err, /^error: The token is wrong\.\n {2}hint: Look again\.\n$/);
});

test('without a server or a token the cure is told', async (t) => {
  const cwd = await project(t);
  const nothing = await slipway(['build', '-t', 'a', '.'], { cwd });
  assert.deepEqual([nothing.code, /No server is set.*slipway login/s.test(nothing.err)], [2, true]);
  const tokenless = await slipway(['build', '-t', 'a', '.'], { cwd, env: { SLIPWAY_SERVER: 'http://x' } });
  assert.deepEqual([tokenless.code, /No token is set for http:\/\/x/.test(tokenless.err)], [2, true]);
  const schemeless = await slipway(['build', '-t', 'a', '.'], {
    cwd,
    env: { SLIPWAY_SERVER: 'localhost:8080', SLIPWAY_TOKEN: 'x' },
  });
  assert.deepEqual([schemeless.code, /http:\/\/localhost:8080/.test(schemeless.err)], [2, true]);
});

/** Starts a build that goes on, on a terminal or not, and waits until it is followed. */
async function following(t: TestContext, options: { isTerminal: boolean; deafToCancel?: boolean }) {
  const server = await startFakeServer(t, {
    deafToCancel: options.deafToCancel === true,
    log: [{ first: 1, last: 1, at: 0, attempt: 1, stream: 'stdout', text: 'begun' }],
  });
  const terminal = createTestTerminal({ cwd: await project(t), env: server.env, isTerminal: options.isTerminal });
  const code = runCli(['build', '-t', 'hello', '.'], terminal, '1');
  await terminal.said('Waiting for a worker').catch(() => undefined);
  return { server, terminal, code };
}

const canceled = 'POST /v1/runs/r1a2b3c4/cancel';

test('Ctrl-C asks on a terminal; c cancels, and the record decides the exit code', async (t) => {
  const { server, terminal, code } = await following(t, { isTerminal: true });
  assert.equal(terminal.press('c'), false);
  assert.ok(terminal.signal('SIGINT'));
  await terminal.said('Cancel the run?');
  assert.ok(!server.asked.includes(canceled));
  assert.ok(terminal.press('c'));
  assert.equal(await code, 3);
  assert.ok(server.asked.includes(canceled));
  assert.equal(terminal.signal('SIGINT'), false);
});

test('d detaches: the run goes on and the exit code is not success', async (t) => {
  const { server, terminal, code } = await following(t, { isTerminal: true });
  terminal.signal('SIGINT');
  terminal.press('d');
  assert.equal(await code, 130);
  assert.ok(!server.asked.includes(canceled));
  assert.match(terminal.errText(), /slipway logs r1a2b3c4 --follow/);
});

test('another key goes on to the end', async (t) => {
  const { server, terminal, code } = await following(t, { isTerminal: true });
  terminal.signal('SIGINT');
  terminal.press('\r');
  assert.equal(terminal.press('c'), false);
  server.end('Succeeded');
  assert.equal(await code, 0);
});

test('a run that does not react to being canceled can be left', async (t) => {
  const { terminal, code } = await following(t, { isTerminal: true, deafToCancel: true });
  terminal.signal('SIGINT');
  terminal.signal('SIGINT');
  await terminal.said('Canceling run r1a2b3c4');
  terminal.signal('SIGINT');
  assert.equal(await code, 130);
});

test('without a terminal SIGINT cancels at once and SIGTERM leaves the run alone', async (t) => {
  const script = { log: [] };
  for (const [signal, expected] of [
    ['SIGINT', 3],
    ['SIGTERM', 143],
  ] as const) {
    const server = await startFakeServer(t, script);
    const terminal = createTestTerminal({ cwd: await project(t), env: server.env });
    const code = runCli(['build', '-t', 'hello', '.'], terminal, '1');
    await terminal.said('Queued run');
    while (!server.asked.some((route) => route.includes('/events')))
      await new Promise((resolve) => setImmediate(resolve));
    terminal.signal(signal);
    assert.equal(await code, expected);
    assert.equal(server.asked.includes(canceled), signal === 'SIGINT');
  }
});
