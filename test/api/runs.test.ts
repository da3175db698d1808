import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiError, Run, RunPage } from '../../task-schemas/index.ts';
import { anImage, aRun, runIdOf } from '../support/fakes/run.ts';
import { AUTH, anApi } from './an-api.ts';

const source = { kind: 'none' } as const;
const taskText = 'version: v1.1.0\nsteps:\n  - id: hello\n    cmd: busybox echo hello\n';
const request = { kind: 'encoded-task', source, taskText };

test('a run is scheduled, queued, read and listed', async (t) => {
  const { app, runQueue, logStore, runStore } = anApi(t);
  const made = await app.inject({ method: 'POST', url: '/v1/runs', headers: AUTH, payload: request });
  assert.equal(made.statusCode, 201, made.body);
  const run = made.json<Run>();
  assert.deepEqual(run, runStore.peek('r0000001'));
  assert.equal(made.headers.location, '/v1/runs/r0000001');
  assert.deepEqual(run.trigger, { kind: 'manual', by: 'ada' });
  assert.equal(run.status, 'Queued');
  assert.deepEqual(await runQueue.depth('default'), { waiting: 1, active: 0 });
  assert.equal((await logStore.read(run.id, 0, 9))[0]?.text, 'Queued a run with ID: r0000001');

  const read = await app.inject({ url: `/v1/runs/${run.id}`, headers: AUTH });
  assert.deepEqual(read.json<Run>(), run);
  const listed = await app.inject({ url: '/v1/runs', headers: AUTH });
  assert.deepEqual(listed.json<RunPage>(), { runs: [run] });
});

test('every kind of request is taken as it is', async (t) => {
  const { app } = anApi(t);
  const requests = [
    {
      kind: 'docker-build',
      source,
      images: ['web:{{.Run.ID}}'],
      buildArgs: { A: '1' },
      push: false,
      timeoutSeconds: 60,
    },
    { kind: 'task-file', source, taskFile: 'ci/task.yaml', set: { a: 'b' }, valuesText: 'c: d' },
    { ...request, taskName: 'nightly', platform: 'linux/arm64' },
  ];
  for (const payload of requests) {
    const made = await app.inject({ method: 'POST', url: '/v1/runs', headers: AUTH, payload });
    assert.equal(made.statusCode, 201, made.body);
    assert.deepEqual(made.json<Run>().request, payload);
  }
});

test('the log of a run is kept, or not', async (t) => {
  const { app, runStore } = anApi(t);
  await runStore.insert(aRun({ id: 'r0000001' }));
  const patch = (payload: object, id = 'r0000001') =>
    app.inject({ method: 'PATCH', url: `/v1/runs/${id}`, headers: AUTH, payload });
  assert.equal((await patch({ keepLog: true })).json<Run>().keepLog, true);
  assert.equal((await patch({ keepLog: false })).json<Run>().keepLog, false);
  assert.equal((await patch({ keepLog: true }, 'r0000009')).json<ApiError>().code, 'run-unknown');
  assert.equal((await patch({ keepLog: 'yes' })).statusCode, 400);
  assert.equal((await patch({ status: 'Succeeded' })).statusCode, 400);
});

const invalid = [
  { name: 'no body', payload: undefined, says: ['The body is not a JSON object.'] },
  { name: 'an array', payload: [], says: ['The body is not a JSON object.'] },
  { name: 'no kind', payload: { source }, says: ['"kind" is missing.'] },
  {
    name: 'a mistyped kind',
    payload: { kind: 'task-fil', source },
    says: ['"kind" is "task-fil", which does not exist.'],
  },
  {
    name: 'everything wrong at once',
    payload: {
      kind: 'encoded-task',
      source: { kind: 'upload', uploadId: 'x', y: 1 },
      taskTxt: 'a',
      timeoutSeconds: '5',
      set: { a: 1 },
    },
    says: [
      '"taskText" is missing.',
      '"taskTxt" is not a property of encoded-task.',
      '"timeoutSeconds" must be integer.',
      '"set.a" must be string.',
      '"source.y" is not a property of upload.',
      '"source.uploadId" must match pattern "^u[0-9a-hjkmnp-tv-z]{15}$".',
    ],
  },
  {
    name: 'properties of two kinds',
    payload: { kind: 'docker-build', source, images: ['a', ''], taskText },
    says: ['"taskText" is not a property of docker-build.', '"images.1" must NOT have fewer than 1 characters.'],
  },
  {
    name: 'an unknown source',
    payload: { ...request, source: { kind: 'hg' } },
    says: ['"source.kind" is "hg", which does not exist.'],
  },
  {
    name: 'a repository without its address',
    payload: { ...request, source: { kind: 'git' } },
    says: ['"source.repository" is missing.'],
  },
  { name: 'a source that is a text', payload: { ...request, source: 'here' }, says: ['"source" is not an object.'] },
] as const;

for (const { name, payload, says } of invalid) {
  test(`refused, each mistake by name: ${name}`, async (t) => {
    const { app, runStore } = anApi(t);
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/runs',
      headers: AUTH,
      ...(payload && { payload: payload as object }),
    });
    const error = answer.json<ApiError>();
    assert.deepEqual([answer.statusCode, error.code], [400, 'request-invalid']);
    assert.deepEqual(error.details.map((detail) => detail.message).sort(), [...says].sort());
    assert.deepEqual(await runStore.list({}), { runs: [] });
  });
}

test('a mistyped property gets the right one as cure', async (t) => {
  const { app } = anApi(t);
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/runs',
    headers: AUTH,
    payload: { ...request, platfrom: 'x' },
  });
  assert.equal(answer.json<ApiError>().details[0]?.hint, 'Did you mean "platform"?');
});

test('a task that cannot be run is refused with its diagnostics, and nothing is recorded', async (t) => {
  const { app, runStore } = anApi(t);
  const payload = { ...request, taskText: 'version: v1.1.0\nsteps:\n  - id: a\n    comand: x\n', taskName: 'my.yaml' };
  const answer = await app.inject({ method: 'POST', url: '/v1/runs', headers: AUTH, payload });
  const error = answer.json<ApiError>();
  assert.deepEqual([answer.statusCode, error.code], [422, 'task-invalid'], answer.body);
  assert.ok(
    error.details.some((detail) => detail.place?.line !== undefined),
    answer.body,
  );
  assert.deepEqual(await runStore.list({}), { runs: [] });
});

test('lists are filtered and paged by the query', async (t) => {
  const { app, runStore } = anApi(t);
  for (let n = 1; n <= 5; n++) {
    await runStore.insert(
      aRun({
        id: runIdOf(n),
        queuedAt: n * 1000,
        status: n % 2 ? 'Failed' : 'Succeeded',
        outputImages: n === 4 ? [anImage()] : [],
      }),
    );
  }
  const ids = async (query: string) => {
    const answer = await app.inject({ url: `/v1/runs?${query}`, headers: AUTH });
    assert.equal(answer.statusCode, 200, answer.body);
    const page = answer.json<RunPage>();
    return { ids: page.runs.map((run) => Number(run.id.slice(1))), next: page.nextCursor };
  };
  assert.deepEqual((await ids('status=Failed')).ids, [5, 3, 1]);
  assert.deepEqual((await ids('status=Failed&status=Succeeded')).ids, [5, 4, 3, 2, 1]);
  assert.deepEqual((await ids('since=2000&until=1970-01-01T00:00:04Z')).ids, [4, 3, 2]);
  assert.deepEqual((await ids('image=team/hello:v1')).ids, [4]);
  const first = await ids('limit=3');
  assert.deepEqual(first.ids, [5, 4, 3]);
  assert.deepEqual(await ids(`limit=3&cursor=${first.next}`), { ids: [2, 1], next: undefined });
});

test('a waiting run is canceled at once, again without complaint', async (t) => {
  const { app } = anApi(t);
  await app.inject({ method: 'POST', url: '/v1/runs', headers: AUTH, payload: request });
  const cancel = () => app.inject({ method: 'POST', url: '/v1/runs/r0000001/cancel', headers: AUTH });
  const canceled = await cancel();
  assert.deepEqual([canceled.statusCode, canceled.json<Run>().status], [200, 'Canceled']);
  assert.deepEqual([(await cancel()).statusCode], [200]);
});

test('a client that sends a JSON content type with an empty body may cancel', async (t) => {
  const { app, runStore } = anApi(t);
  await runStore.insert(aRun());
  const headers = { ...AUTH, 'content-type': 'application/json' };
  assert.equal((await app.inject({ method: 'POST', url: '/v1/runs/r0000001/cancel', headers })).statusCode, 200);
});
