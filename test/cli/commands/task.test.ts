import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fireTimers } from '../../../src/services/fire-timers.ts';
import type { Run, Task } from '../../../task-schemas/index.ts';
import { anApi, TOKEN } from '../../api/an-api.ts';
import { slipway } from '../support/test-terminal.ts';

const REPOSITORY = 'https://git.test/web.git';

/** The command line before an API over stores in memory. */
async function rig(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const api = anApi(t);
  const access = { SLIPWAY_SERVER: await api.listen(), SLIPWAY_TOKEN: TOKEN, ...env };
  // The runner removes its folder for temporary files at the end.
  const cwd = mkdtempSync(join(tmpdir(), 'slipway-task-'));
  const see = (...args: string[]) => slipway(args, { env: access, cwd, now: () => 1_060_000 });
  return {
    api,
    cwd,
    task: (...args: string[]) => see('task', ...args),
    see,
    stored: async (name: string) => (await api.taskStore.get(name))?.task ?? assert.fail(`there is no task ${name}`),
  };
}

test('create: a Dockerfile, a task file of the context, or a text of its own', async (t) => {
  const { task, stored, cwd } = await rig(t);
  const made = await task(
    'create',
    '-n',
    'web',
    '-c',
    `${REPOSITORY}#main:app`,
    '-f',
    'Dockerfile',
    '-t',
    'web:1',
    '--arg',
    'A=1',
    '--tag',
    'team=a',
  );
  assert.equal(made.code, 0, made.err);
  assert.match(made.err, /Task web is stored; run it with: slipway task run web/);
  assert.deepEqual((await stored('web')).request, {
    kind: 'docker-build',
    source: { kind: 'git', repository: REPOSITORY, ref: 'main', directory: 'app' },
    images: ['web:1'],
    dockerfile: 'Dockerfile',
    buildArgs: { A: '1' },
  });
  await task(
    'create',
    'test',
    '-c',
    REPOSITORY,
    '-f',
    'ci/task.yaml',
    '--set',
    'a=1',
    '--status',
    'disabled',
    '--pool',
    'arm',
  );
  const { request, enabled, pool } = await stored('test');
  assert.deepEqual(
    [request, enabled, pool],
    [
      { kind: 'task-file', source: { kind: 'git', repository: REPOSITORY }, taskFile: 'ci/task.yaml', set: { a: '1' } },
      false,
      'arm',
    ],
  );
  writeFileSync(join(cwd, 'own.yaml'), 'steps:\n  - cmd: busybox true\n');
  await task('create', 'own', '-f', 'own.yaml');
  assert.deepEqual((await stored('own')).request, {
    kind: 'encoded-task',
    source: { kind: 'none' },
    taskText: 'steps:\n  - cmd: busybox true\n',
  });
  await task('create', 'one', '--cmd', 'busybox true', '-c', '/dev/null');
  assert.match(JSON.stringify(await stored('one')), /cmd: \|-\\n {6}busybox true/);
});

test('create: a task that is there is not written over unless asked for', async (t) => {
  const { task, stored } = await rig(t);
  await task('create', 'web', '-c', REPOSITORY, '-t', 'web:1', '--secret-arg', 'KEY=hush');
  const again = await task('create', 'web', '-c', REPOSITORY, '-t', 'web:2');
  assert.equal(again.code, 7);
  assert.match(again.err, /There is a task web already\.[\s\S]*task update/);
  assert.equal((await task('create', 'web', '-c', REPOSITORY, '-t', 'web:2', '--replace')).code, 0);
  const { revision, secretNames } = await stored('web');
  assert.deepEqual([revision, secretNames.buildArgs], [2, ['KEY']]);
});

test('create: what cannot be stored is told with the cure', async (t) => {
  const { task } = await rig(t);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['web', '-c', '.', '-t', 'x'],
      /"\." is a folder of this machine, which later runs cannot read[\s\S]*slipway build/,
    ],
    [['-c', REPOSITORY], /No task is named/],
    [['web', '-n', 'other', '-c', REPOSITORY], /Both "web" and --name "other"/],
    [['web', '-c', REPOSITORY, '-t', 'x', '--set', 'a=b'], /--set means nothing for a build/],
    [['web', '-c', REPOSITORY, '-f', 't.yaml', '-t', 'x'], /--image means nothing for a task file/],
    [['web'], /No task is given/],
    [['web', '--cmd', 'busybox true', '--secret-arg', 'NOT_SET'], /name a variable of the environment/],
    [['a b', '--cmd', 'busybox true'], /"a b" cannot be the name of a task/],
  ];
  for (const [args, expected] of cases) {
    const done = await task('create', ...args);
    assert.match(done.err, expected, args.join(' '));
    assert.ok([2, 7].includes(done.code), `${args.join(' ')}: ${done.code}`);
  }
});

test('show and list tell all but the secrets', async (t) => {
  const { task } = await rig(t, { NPM_TOKEN: 'hush' });
  await task(
    'create',
    'web',
    '-c',
    REPOSITORY,
    '-t',
    'web:{{.Run.ID}}',
    '--secret-arg',
    'NPM_TOKEN',
    '--tag',
    'team=a',
    '--timeout',
    '60',
  );
  await task('create', 'test', '--cmd', 'busybox true', '--tag', 'team=b');
  const shown = await task('show', 'WEB');
  assert.equal(
    shown.out,
    [
      'Task       web',
      'Status     Enabled',
      'Does       build web:{{.Run.ID}}',
      `Source     ${REPOSITORY}`,
      'Timeout    60 s',
      'Secrets    NPM_TOKEN',
      'Tags       team=a',
      'Created    1 min ago',
      'Changed    1 min ago (revision 1)',
      '',
    ].join('\n'),
  );
  const listed = await task('list');
  assert.match(
    listed.out,
    /^TASK {2}STATUS {3}DOES .*\ntest {2}Enabled {2}run its own task file .*\nweb {3}Enabled {2}build web/,
  );
  assert.deepEqual(names((await task('list', '--tag', 'team=b', '--json')).out), ['test']);
  assert.doesNotMatch(shown.out + listed.out + (await task('show', 'web', '--json')).out, /hush/);
  assert.equal((await task('show', 'nope')).code, 7);
});

test('update changes what is named; values, arguments and tags are added', async (t) => {
  const { task, stored } = await rig(t);
  await task('create', 'web', '-c', REPOSITORY, '-t', 'web:1', '--arg', 'A=1', '--tag', 'team=a', '--timeout', '60');
  const done = await task(
    'update',
    'web',
    '--arg',
    'B=2',
    '--tag',
    'tier=1',
    '--status',
    'Disabled',
    '--no-push',
    '-c',
    `${REPOSITORY}#dev`,
  );
  assert.equal(done.code, 0, done.err);
  assert.match(done.err, /Task web is changed \(revision 2\)/);
  const { request, tags, enabled } = await stored('web');
  assert.deepEqual([tags, enabled], [{ team: 'a', tier: '1' }, false]);
  assert.deepEqual(request, {
    kind: 'docker-build',
    source: { kind: 'git', repository: REPOSITORY, ref: 'dev' },
    images: ['web:1'],
    buildArgs: { A: '1', B: '2' },
    timeoutSeconds: 60,
    push: false,
  });
  await task('update', 'web', '-f', 'ci.yaml', '--set', 'x=1');
  assert.deepEqual((await stored('web')).request, {
    kind: 'task-file',
    source: { kind: 'git', repository: REPOSITORY, ref: 'dev' },
    taskFile: 'ci.yaml',
    set: { x: '1' },
  });
  await task('update', 'web', '--set', 'y=2');
  assert.deepEqual(JSON.stringify((await stored('web')).request).includes('"set":{"x":"1","y":"2"}'), true);
});

test('run queues a run of the task with what differs; runs and logs find it', async (t) => {
  const { task, api } = await rig(t);
  await task('create', 'hello', '--cmd', 'busybox echo {{.Values.who}}', '--set', 'who=all');
  const ran = await task('run', 'hello', '--set', 'who=me', '--timeout', '5', '--no-wait', '--json');
  assert.equal(ran.code, 0, ran.err);
  const run: Run = JSON.parse(ran.out);
  assert.deepEqual([run.taskName, run.timeoutSeconds], ['hello', 5]);
  assert.equal(run.request.kind === 'encoded-task' && run.request.set?.who, 'me');
  assert.match((await task('runs', 'hello')).out, new RegExp(`${run.id}.*hello`));
  assert.match((await task('logs', 'hello')).out, new RegExp(`Queued a run with ID: ${run.id}`));
  assert.equal((await task('run', 'hello', '--arg', 'A=1', '--no-wait')).code, 7);
  await task('update', 'hello', '--status', 'Disabled');
  const refused = await task('run', 'hello', '--no-wait');
  assert.match(refused.err, /Task hello is disabled[\s\S]*--status Enabled/);
  assert.equal((await api.runStore.list({})) === 'bad-cursor', false);
});

test('delete removes the task and leaves its runs', async (t) => {
  const { task } = await rig(t);
  await task('create', 'hello', '--cmd', 'busybox true');
  await task('run', 'hello', '--no-wait');
  assert.equal((await task('delete', '--name', 'hello', '--yes')).code, 0);
  assert.equal((await task('delete', 'hello')).code, 7);
  assert.match((await task('runs', 'hello')).out, /hello/);
  assert.match((await task('logs', 'hello')).err, /There is no task hello/);
});

test('timers: named or not, with their next five times; the ledger explains what they did', async (t) => {
  const { task, stored, api, see } = await rig(t);
  await task('create', 'tidy', '--cmd', 'busybox true', '--schedule', 'daily:0 4 * * *', '--schedule', '*/5 * * * *');
  assert.deepEqual((await stored('tidy')).timers, [
    { name: 'daily', schedule: '0 4 * * *' },
    { name: 't1', schedule: '*/5 * * * *' },
  ]);
  const added = await task(
    'timer',
    'add',
    'tidy',
    '--timer-name',
    'x',
    '--schedule',
    '0 0 1 1 *',
    '--time-zone',
    'Europe/Berlin',
  );
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /x {2}0 0 1 1 \* Europe\/Berlin\n {2}1970-12-31 23:00Z\n {2}1971-12-31 23:00Z\n/);
  assert.equal((await task('timer', 'update', 'tidy', '--timer-name', 't1', '--enabled', 'false')).code, 0);
  assert.equal((await task('timer', 'remove', 'tidy', '--timer-name', 'x')).code, 0);
  assert.match(
    (await task('show', 'tidy')).out,
    /Timers\n {2}daily {2}0 4[\s\S]*t1 {2}\*\/5 \* \* \* \* UTC \(disabled\)\n/,
  );
  assert.match(
    (await task('timer', 'remove', 'tidy', '--timer-name', 'dayly')).err,
    /has no timer "dayly"[\s\S]*daily/,
  );
  const never = await task('timer', 'add', 'tidy', '--timer-name', 'y', '--schedule', '0 0 30 2 *');
  assert.match(never.err, /never fires/);

  api.clock.now = Date.parse('1970-01-01T04:00Z');
  await fireTimers(api);
  const log = await see('triggers', 'log', '--task', 'tidy');
  const [, id = ''] = /^(d\w+) .*timer daily +tidy +run r/m.exec(log.out) ?? [];
  const explained = await see('triggers', 'explain', id);
  assert.match(
    explained.out,
    /What {6}timer daily, due 1970-01-01T04:00:00.000Z[\s\S]*tidy: runs as r\w+\n {2}yes {2}timer-exists/,
  );
  assert.equal((await see('triggers', 'explain', 'd000000000000000')).code, 7);
});

function names(json: string): readonly string[] {
  const { tasks }: { tasks: readonly Task[] } = JSON.parse(json);
  return tasks.map(({ name }) => name);
}
