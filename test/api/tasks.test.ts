import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiError, Run, Task, TaskPage } from '../../task-schemas/index.ts';
import { AUTH, anApi, type TestApi } from './an-api.ts';

const source = { kind: 'git', repository: 'https://git.test/app.git' } as const;
const build = { kind: 'docker-build', source, images: ['app:{{.Run.ID}}'] } as const;
const encoded = {
  kind: 'encoded-task',
  source: { kind: 'none' },
  taskText: 'steps:\n  - cmd: busybox echo {{.Values.who}}\n',
} as const;

function caller({ app }: TestApi) {
  return (method: 'GET' | 'PUT' | 'PATCH' | 'DELETE' | 'POST', url: string, payload?: object, headers = {}) =>
    app.inject({ method, url, headers: { ...AUTH, ...headers }, ...(payload === undefined ? {} : { payload }) });
}

test('a task is written, read, changed in part, listed and deleted', async (t) => {
  const call = caller(anApi(t));
  const made = await call('PUT', '/v1/tasks/Nightly', { request: build, tags: { team: 'a' } });
  assert.equal(made.statusCode, 201, made.body);
  assert.equal(made.headers.etag, '"1"');
  const expected = {
    name: 'Nightly',
    request: build,
    tags: { team: 'a' },
    enabled: true,
    secretNames: { set: [], buildArgs: [] },
    createdAt: 1_000_000,
    updatedAt: 1_000_000,
    revision: 1,
  };
  assert.deepEqual(made.json<Task>(), expected);
  assert.deepEqual((await call('GET', '/v1/tasks/nightly')).json<Task>(), expected, 'in any spelling');

  const patched = await call('PATCH', '/v1/tasks/nightly', { enabled: false, pool: 'arm' });
  assert.equal(patched.statusCode, 200, patched.body);
  assert.deepEqual(patched.json<Task>(), { ...expected, enabled: false, pool: 'arm', revision: 2 });

  const again = await call('PUT', '/v1/tasks/NIGHTLY', { request: encoded });
  assert.equal(again.statusCode, 200);
  const { tags: _, ...rest } = expected;
  assert.deepEqual(again.json<Task>(), { ...rest, request: encoded, revision: 3 }, 'what is not written is gone');

  await call('PUT', '/v1/tasks/other', { request: build, tags: { team: 'b' } });
  assert.deepEqual(namesIn(await call('GET', '/v1/tasks')), ['Nightly', 'other']);
  assert.deepEqual(namesIn(await call('GET', '/v1/tasks?tag=team%3Db')), ['other']);
  const page = (await call('GET', '/v1/tasks?limit=1')).json<TaskPage>();
  assert.deepEqual(namesIn(await call('GET', `/v1/tasks?limit=1&cursor=${page.nextCursor}`)), ['other']);

  assert.equal((await call('DELETE', '/v1/tasks/nightly')).statusCode, 204);
  assert.equal((await call('GET', '/v1/tasks/nightly')).json<ApiError>().code, 'task-unknown');
  assert.equal((await call('DELETE', '/v1/tasks/nightly')).json<ApiError>().code, 'task-unknown');
});

test('a change that was made for another revision is refused', async (t) => {
  const call = caller(anApi(t));
  const put = (tag: string | undefined) =>
    call('PUT', '/v1/tasks/app', { request: build }, tag === undefined ? {} : { 'if-match': tag });
  assert.equal((await put('"1"')).json<ApiError>().code, 'task-changed', 'it is not there yet');
  assert.equal((await put('"0"')).statusCode, 201);
  assert.equal((await put('"0"')).statusCode, 412);
  assert.equal((await put('"1"')).statusCode, 200);
  assert.equal((await call('PATCH', '/v1/tasks/app', {}, { 'if-match': '"1"' })).statusCode, 412);
  assert.equal((await call('DELETE', '/v1/tasks/app', undefined, { 'if-match': '"1"' })).statusCode, 412);
  assert.equal((await put('yesterday')).json<ApiError>().code, 'revision-invalid');
  assert.equal((await call('DELETE', '/v1/tasks/app', undefined, { 'if-match': '"2"' })).statusCode, 204);
});

test('secrets go in and never come out; they can be replaced and removed one by one', async (t) => {
  const api = anApi(t);
  const call = caller(api);
  const put = (secrets: object) => call('PUT', '/v1/tasks/app', { request: encoded, secrets });
  const bodies = [
    await put({ set: { who: 'hush-1', other: 'hush-2' } }),
    await put({ set: { other: 'hush-3' } }),
    await call('PATCH', '/v1/tasks/app', { secrets: { set: { other: null } } }),
    await call('GET', '/v1/tasks/app'),
    await call('POST', '/v1/tasks/app/runs', { secrets: { set: { extra: 'hush-4' } } }),
  ];
  assert.deepEqual(
    bodies.slice(0, 4).map((one) => one.json<Task>().secretNames.set),
    [['other', 'who'], ['other', 'who'], ['who'], ['who']],
  );
  const run = bodies[4]?.json<Run>() ?? assert.fail();
  const sealed = (await api.runStore.secretsOf(run.id)) ?? assert.fail('the run has the secrets of its task');
  assert.deepEqual(JSON.parse(api.secretBox.open(sealed)), { set: { who: 'hush-1', extra: 'hush-4' }, buildArgs: {} });
  const shown = bodies.map((one) => one.body).join() + api.logged() + JSON.stringify(await api.taskStore.get('app'));
  assert.doesNotMatch(shown + JSON.stringify(api.runStore.peek(run.id)) + sealed, /hush/);
});

test('a task whose key was lost can be changed, and given all its secrets anew', async (t) => {
  const api = anApi(t);
  const call = caller(api);
  await call('PUT', '/v1/tasks/app', { request: encoded, secrets: { set: { a: '1', b: '2' } } });
  const { task } = (await api.taskStore.get('app')) ?? assert.fail();
  await api.taskStore.put({ task: { ...task, revision: 2 }, sealed: 'v1.00000000.abcd' });
  assert.equal((await call('PATCH', '/v1/tasks/app', { secrets: { set: { a: '3' } } })).statusCode, 409);
  assert.equal((await call('POST', '/v1/tasks/app/runs', {})).json<ApiError>().code, 'secrets-unreadable');
  const disabled = await call('PATCH', '/v1/tasks/app', { enabled: false });
  assert.deepEqual(disabled.json<Task>().secretNames.set, ['a', 'b']);
  assert.equal((await api.taskStore.get('app'))?.sealed, 'v1.00000000.abcd');
  assert.equal((await call('POST', '/v1/tasks/app/runs', {})).json<ApiError>().code, 'task-disabled');
  const anew = await call('PATCH', '/v1/tasks/app', { enabled: true, secrets: { set: { a: '3', b: null } } });
  assert.deepEqual(anew.json<Task>().secretNames.set, ['a']);
  const { sealed = '' } = (await api.taskStore.get('app')) ?? {};
  assert.deepEqual(JSON.parse(api.secretBox.open(sealed)).set, { a: '3' });
});

test('a secret that nothing reads is told, for a task as for one run of it', async (t) => {
  const call = caller(anApi(t));
  const lost = await call('PUT', '/v1/tasks/app', { request: build, secrets: { set: { who: 'x' } } });
  assert.equal(lost.statusCode, 422);
  assert.match(lost.body, /Nothing of this task reads the secret who.*buildArgs/);
  await call('PUT', '/v1/tasks/app', { request: encoded });
  const run = await call('POST', '/v1/tasks/app/runs', { secrets: { buildArgs: { who: 'x' } } });
  assert.match(run.body, /Nothing of this task reads the secret who/);
});

test('a run of a task is the task as it is now, with what this run does differently', async (t) => {
  const call = caller(anApi(t));
  await call('PUT', '/v1/tasks/App', { request: { ...encoded, set: { who: 'all', a: '1' } }, pool: 'arm' });
  await call('PATCH', '/v1/tasks/app', {});
  const made = await call('POST', '/v1/tasks/app/runs', { set: { who: 'me' }, timeoutSeconds: 60 });
  assert.equal(made.statusCode, 201, made.body);
  const run = made.json<Run>();
  assert.equal(made.headers.location, `/v1/runs/${run.id}`);
  assert.deepEqual([run.taskName, run.taskRevision, run.pool, run.timeoutSeconds], ['App', 2, 'arm', 60]);
  assert.deepEqual(run.request, { ...encoded, set: { who: 'me', a: '1' }, timeoutSeconds: 60 });
  assert.deepEqual(run.trigger, { kind: 'manual', by: 'ada' });
});

test('what cannot be run says why', async (t) => {
  const call = caller(anApi(t));
  await call('PUT', '/v1/tasks/app', { request: build });
  const misfit = await call('POST', '/v1/tasks/app/runs', { set: { a: 'b' }, taskFile: 'x.yaml' });
  assert.equal(misfit.statusCode, 422);
  assert.match(misfit.body, /\\"set\\" changes nothing of it/);
  assert.match(misfit.body, /\\"taskFile\\" changes nothing of it/);
  assert.equal((await call('POST', '/v1/tasks/nope/runs', {})).json<ApiError>().code, 'task-unknown');
  await call('PATCH', '/v1/tasks/app', { enabled: false });
  assert.equal((await call('POST', '/v1/tasks/app/runs', {})).json<ApiError>().code, 'task-disabled');
});

test('a task that cannot be like this is refused with all that is wrong, and nothing changes', async (t) => {
  const api = anApi(t);
  const call = caller(api);
  const wrong = await call('PUT', '/v1/tasks/app', { request: { kind: 'docker-build', images: 'x' }, enabeld: true });
  assert.equal(wrong.statusCode, 400);
  for (const part of [/enabeld/, /request\.images/, /request\.source/]) assert.match(wrong.body, part);
  const upload = { kind: 'upload', uploadId: 'u000000000000000' };
  const uploaded = await call('PUT', '/v1/tasks/app', { request: { ...build, source: upload } });
  assert.match(uploaded.body, /cannot be an upload/);
  assert.equal((await call('PUT', '/v1/tasks/a%20b', { request: build })).json<ApiError>().code, 'task-name-invalid');
  assert.equal((await call('GET', '/v1/tasks?tags=x')).statusCode, 400);
  assert.deepEqual(await api.taskStore.list({}), { tasks: [] });
});

function namesIn(answer: { json<T>(): T }): readonly string[] {
  return answer.json<TaskPage>().tasks.map((task) => task.name);
}
