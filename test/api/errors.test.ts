import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import Value from 'typebox/value';
import { PROBLEM_CODES, type ProblemCode } from '../../src/api/errors.ts';
import { ApiError } from '../../task-schemas/index.ts';
import { aRun } from '../support/fakes/run.ts';
import { aTask } from '../support/fakes/task.ts';
import { AUTH, anApi, type TestApi } from './an-api.ts';

const gzip = { ...AUTH, 'content-type': 'application/gzip' };
const json = { ...AUTH, 'content-type': 'application/json' };
const unreachable = Object.assign(new Error('Redis at localhost:1 does not answer: connection refused. Start it.'), {
  hint: 'Start it.',
});

const request = { kind: 'encoded-task', source: { kind: 'none' }, taskText: 'steps: []' } as const;

/** One request for each error: what is asked, and what the answer must have beside a valid `ApiError`. */
const cases: readonly Case[] = [
  { code: 'token-missing', status: 401, url: '/v1/info', headers: {} },
  { code: 'token-wrong', status: 401, url: '/v1/info', headers: { authorization: 'Bearer x' } },
  { code: 'route-unknown', status: 404, url: '/v1/rums', says: 'There is no GET /v1/rums.' },
  { code: 'method-not-allowed', status: 405, method: 'DELETE', url: '/v1/runs', header: ['allow', 'GET, HEAD, POST'] },
  { code: 'url-invalid', status: 400, url: '/v1/runs/%zz' },
  { code: 'message-invalid', status: 414, url: `/v1/runs/${'r'.repeat(200)}` },
  {
    code: 'body-not-json',
    status: 400,
    method: 'POST',
    url: '/v1/runs',
    headers: json,
    payload: '{"kind": }',
    says: /position 9|column 10|}/,
  },
  {
    code: 'body-not-json',
    status: 400,
    method: 'POST',
    url: '/v1/runs',
    headers: json,
    payload: '{"__proto__": {}}',
    says: /__proto__/,
  },
  {
    code: 'body-too-large',
    status: 413,
    method: 'POST',
    url: '/v1/runs',
    headers: json,
    payload: `"${'x'.repeat(5e6)}"`,
    says: /4 MiB/,
  },
  {
    code: 'media-type-unsupported',
    status: 415,
    method: 'POST',
    url: '/v1/runs',
    headers: { ...AUTH, 'content-type': 'text/yaml' },
    payload: 'a: b',
    says: /text\/yaml/,
  },
  {
    code: 'media-type-unsupported',
    status: 415,
    method: 'POST',
    url: '/v1/uploads',
    headers: { ...AUTH, 'content-type': 'application/zip' },
    payload: 'PK',
    says: /application\/zip/,
  },
  { code: 'request-invalid', status: 400, method: 'POST', url: '/v1/runs', payload: { kind: 'x' } },
  { code: 'request-invalid', status: 400, url: '/v1/runs?limit=many' },
  { code: 'request-invalid', status: 400, url: '/v1/runs/r0000001/events?after=-1' },
  {
    code: 'request-invalid',
    status: 400,
    url: '/v1/runs/r0000001/events',
    headers: { ...AUTH, 'last-event-id': 'abc' },
  },
  { code: 'run-unknown', status: 404, url: '/v1/runs/r0000009' },
  { code: 'run-unknown', status: 404, url: '/v1/runs/r0000009/log' },
  { code: 'run-unknown', status: 404, url: '/v1/runs/r0000009/events' },
  { code: 'run-unknown', status: 404, method: 'POST', url: '/v1/runs/r0000009/cancel' },
  { code: 'run-id-invalid', status: 404, url: '/v1/runs/Latest', says: '"Latest" is not the id of a run.' },
  { code: 'run-id-invalid', status: 404, method: 'POST', url: '/v1/runs/r1/cancel' },
  {
    code: 'run-ended',
    status: 409,
    method: 'POST',
    url: '/v1/runs/r0000001/cancel',
    says: 'Run r0000001 has ended as Failed.',
  },
  {
    code: 'task-invalid',
    status: 422,
    method: 'POST',
    url: '/v1/runs',
    payload: { kind: 'encoded-task', source: { kind: 'none' }, taskText: '[' },
  },
  { code: 'cursor-invalid', status: 400, url: '/v1/runs?cursor=zzz', says: /"zzz"/ },
  {
    code: 'upload-unknown',
    status: 422,
    method: 'POST',
    url: '/v1/runs',
    payload: { kind: 'task-file', source: { kind: 'upload', uploadId: 'u000000000000009' }, taskFile: 'a' },
  },
  { code: 'upload-empty', status: 400, method: 'POST', url: '/v1/uploads', headers: gzip },
  {
    code: 'upload-not-archive',
    status: 415,
    method: 'POST',
    url: '/v1/uploads',
    headers: gzip,
    payload: 'PK\x03\x04...',
    says: /a zip archive/,
  },
  {
    code: 'upload-too-large',
    status: 413,
    method: 'POST',
    url: '/v1/uploads',
    headers: gzip,
    payload: archive(100_001),
    says: /97.7 KiB/,
  },
  { code: 'task-unknown', status: 404, url: '/v1/tasks/nope', says: 'There is no task nope.' },
  { code: 'task-unknown', status: 404, method: 'POST', url: '/v1/tasks/nope/runs', payload: {} },
  { code: 'task-name-invalid', status: 400, url: '/v1/tasks/a%20b', says: /"a b"/ },
  {
    code: 'task-definition-invalid',
    status: 422,
    method: 'PUT',
    url: '/v1/tasks/new',
    payload: { request, timers: [{ name: 't', schedule: '* * *' }] },
    says: /3 fields and not five/,
  },
  {
    code: 'task-changed',
    status: 412,
    method: 'DELETE',
    url: '/v1/tasks/off',
    headers: { ...AUTH, 'if-match': '"7"' },
    says: 'Task off is at revision 1 by now.',
  },
  { code: 'task-disabled', status: 409, method: 'POST', url: '/v1/tasks/off/runs', payload: {} },
  {
    code: 'revision-invalid',
    status: 400,
    method: 'DELETE',
    url: '/v1/tasks/off',
    headers: { ...AUTH, 'if-match': 'x' },
  },
  { code: 'secrets-unreadable', status: 409, method: 'POST', url: '/v1/tasks/sealed/runs', payload: {} },
  { code: 'cursor-invalid', status: 400, url: '/v1/tasks?cursor=!', says: /"!"/ },
  { code: 'cursor-invalid', status: 400, url: '/v1/decisions?cursor=!' },
  { code: 'request-invalid', status: 400, url: '/v1/decisions?taks=x', says: /taks/ },
  { code: 'decision-unknown', status: 404, url: '/v1/decisions/d000000000000000' },
  { code: 'log-deleted', status: 410, url: '/v1/runs/r0000002/log', says: /deleted on 1970-01-01/ },
  {
    code: 'range-unsatisfiable',
    status: 416,
    url: '/v1/runs/r0000001/log',
    headers: { ...AUTH, range: 'bytes=5-' },
    header: ['content-range', 'bytes */0'],
  },
];

const met = new Set<ProblemCode>();

for (const { code, status, method = 'GET', url, headers = AUTH, payload, says, header } of cases) {
  test(`${status} ${code}: ${method} ${url.slice(0, 60)}`, async (t) => {
    const { app, runStore, taskStore } = anApi(t);
    await taskStore.put({ task: aTask({ name: 'off', enabled: false }) });
    await taskStore.put({ task: aTask({ name: 'sealed' }), sealed: 'v1.00000000.abcd' });
    await runStore.insert(aRun({ status: 'Failed' }));
    await runStore.insert(aRun({ id: 'r0000002', status: 'Failed', logArchived: true, logDeletedAt: 0 }));
    const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    const error = answer.json<unknown>();
    assert.ok(Value.Check(ApiError, error), answer.body);
    assert.deepEqual([answer.statusCode, error.code], [status, code], answer.body);
    assert.ok(error.hint.length > 10 && error.requestId.startsWith('q'));
    if (typeof says === 'string') assert.equal(error.message, says);
    else if (says !== undefined) assert.match(error.message, says);
    if (header !== undefined) assert.equal(answer.headers[header[0]], header[1]);
    met.add(code);
  });
}

interface Case {
  readonly code: ProblemCode;
  readonly status: number;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string | Buffer | object;
  readonly says?: string | RegExp;
  readonly header?: readonly [string, string];
}

test('507 upload-no-space', async (t) => {
  const { app } = anApi(t, ({ blobStore }) => ({
    blobStore: { ...blobStore, put: async () => ({ kind: 'no-space' }) },
  }));
  const answer = await app.inject({ method: 'POST', url: '/v1/uploads', headers: gzip, payload: archive(10) });
  assert.deepEqual([answer.statusCode, answer.json<ApiError>().code], [507, 'upload-no-space']);
  met.add('upload-no-space');
});

const faults = [
  {
    name: 'a fault that knows its cure',
    fault: unreachable,
    ping: async () => {},
    reason: 'does not answer: connection refused.',
    hint: 'Start it.',
  },
  {
    name: 'any fault while the store is away',
    fault: new Error('?'),
    ping: () => Promise.reject(unreachable),
    reason: 'does not answer: connection refused.',
    hint: 'Start it.',
  },
] as const;

for (const { name, fault, ping, reason, hint } of faults) {
  test(`503 store-unavailable: ${name}`, async (t) => {
    const { app, logged } = anApi(t, ({ runStore }) => ({
      runStore: { ...runStore, ping, get: () => Promise.reject(fault) },
    }));
    const answer = await app.inject({ url: '/v1/runs/r0000001', headers: AUTH });
    const error = answer.json<ApiError>();
    assert.deepEqual([answer.statusCode, error.code, error.hint], [503, 'store-unavailable', hint]);
    assert.ok(error.message.endsWith(reason), error.message);
    assert.doesNotMatch(answer.body, /at .*\.ts:/, 'no stack trace for the client');
    assert.match(logged(), /store-unavailable/);
    met.add('store-unavailable');
  });
}

test('500 internal: the client gets no detail, the log gets all', async (t) => {
  const { app, logged } = anApi(t, ({ runStore }) => ({
    runStore: { ...runStore, get: () => Promise.reject(new Error('secret detail')) },
  }));
  const answer = await app.inject({ url: '/v1/runs/r0000001', headers: AUTH });
  const error = answer.json<ApiError>();
  assert.deepEqual([answer.statusCode, error.code], [500, 'internal']);
  assert.doesNotMatch(answer.body, /secret detail/);
  assert.match(logged(), /secret detail/);
  assert.match(logged(), new RegExp(`"reqId":"${error.requestId}"`));
  met.add('internal');
});

const wire = [
  { name: 'what is not HTTP', sent: 'hello\r\n\r\n', status: 400 },
  { name: 'headers beyond all measure', sent: `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, status: 431 },
] as const;

for (const { name, sent, status } of wire) {
  test(`${status} message-invalid: ${name}`, async (t) => {
    const answer = await overTheWire(anApi(t), sent);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    const error: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    assert.ok(Value.Check(ApiError, error) && error.code === 'message-invalid', answer);
  });
}

// What happens to uploads under way is looked for in test/api/uploads.test.ts.
for (const code of ['upload-broken-off', 'upload-stalled', 'server-closing'] as const) met.add(code);

async function overTheWire(api: TestApi, sent: string): Promise<string> {
  const { port } = new URL(await api.listen());
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(sent);
  return await text(socket);
}

/** Looks like gzip to the first glance, which is all the server takes. */
function archive(bytes: number): Buffer {
  const content = Buffer.alloc(bytes, 7);
  content.set([0x1f, 0x8b]);
  return content;
}

test('every error of the catalogue was met', () => {
  assert.deepEqual(
    PROBLEM_CODES.filter((code) => !met.has(code)),
    [],
  );
});
