import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiError, ServerInfo } from '../../task-schemas/index.ts';
import { aRun, runIdOf } from '../support/fakes/run.ts';
import { AUTH, anApi } from './an-api.ts';

test('/v1/info says what a client needs', async (t) => {
  const answer = await anApi(t).app.inject({ url: '/v1/info', headers: AUTH });
  const expected: ServerInfo = { version: '1.2.3', registry: 'registry.test:5000', maxSourceBytes: 1_000_000 };
  assert.deepEqual(answer.json<ServerInfo>(), expected);
});

test('/readyz says what is wrong while /healthz stays well', async (t) => {
  const fault = Object.assign(new Error('Redis at localhost:1 does not answer: refused. Start it.'), {
    hint: 'Start it.',
  });
  const { app } = anApi(t, ({ runStore }) => ({ runStore: { ...runStore, ping: () => Promise.reject(fault) } }));
  const ready = await app.inject({ url: '/readyz' });
  assert.equal(ready.statusCode, 503);
  const { code, message, hint } = ready.json<ApiError>();
  assert.deepEqual(
    [code, message, hint],
    [
      'store-unavailable',
      'The server cannot reach its store: Redis at localhost:1 does not answer: refused.',
      'Start it.',
    ],
  );
  assert.equal((await app.inject({ url: '/healthz' })).statusCode, 200);
});

test('/readyz does not wait for a store that says nothing', { timeout: 10_000 }, async (t) => {
  const { app } = anApi(t, ({ runStore }) => ({ runStore: { ...runStore, ping: () => new Promise<never>(() => {}) } }));
  const ready = await app.inject({ url: '/readyz' });
  assert.equal(ready.statusCode, 503);
  assert.match(ready.json<ApiError>().message, /did not answer within 2 s/);
});

test('/metrics counts runs, jobs, uploads and answers', async (t) => {
  const { app, runStore, runQueue, clock } = anApi(t);
  clock.now = 100 * 24 * 3_600_000;
  const recent = clock.now - 1000;
  await runStore.insert(aRun({ id: runIdOf(1), status: 'Failed', queuedAt: recent }));
  await runStore.insert(aRun({ id: runIdOf(2), status: 'Failed', queuedAt: recent }));
  await runStore.insert(aRun({ id: runIdOf(3), status: 'Succeeded', queuedAt: recent }));
  await runStore.insert(aRun({ id: runIdOf(4), status: 'Failed', queuedAt: 0 }));
  await runQueue.enqueue('default', { runId: runIdOf(3) });
  const headers = { ...AUTH, 'content-type': 'application/gzip' };
  await app.inject({ method: 'POST', url: '/v1/uploads', headers, payload: Buffer.from([0x1f, 0x8b, 0, 0]) });
  await app.inject({ url: '/v1/runs/r0000001', headers: AUTH });

  const answer = await app.inject({ url: '/metrics', headers: AUTH });
  assert.match(String(answer.headers['content-type']), /^text\/plain; version=0\.0\.4/);
  const metrics = answer.body.split('\n');
  for (const line of [
    'slipway_store_up 1',
    'slipway_runs{status="Failed"} 2',
    'slipway_runs{status="Succeeded"} 1',
    'slipway_runs{status="Queued"} 0',
    'slipway_queue_jobs{pool="default",state="waiting"} 1',
    'slipway_queue_jobs{pool="default",state="active"} 0',
    'slipway_upload_bytes_total 4',
    'slipway_http_request_duration_seconds_count{method="GET",route="/v1/runs/:runId",status="200"} 1',
  ]) {
    assert.ok(metrics.includes(line), `${line} is missing in\n${answer.body}`);
  }
});

test('/metrics answers without the store, and says so', async (t) => {
  const { app, logged } = anApi(t, ({ runStore }) => ({
    runStore: { ...runStore, list: () => Promise.reject(new Error('gone')) },
  }));
  const answer = await app.inject({ url: '/metrics', headers: AUTH });
  assert.equal(answer.statusCode, 200);
  assert.match(answer.body, /^slipway_store_up 0$/m);
  assert.doesNotMatch(answer.body, /^slipway_runs\{/m);
  assert.match(logged(), /could not be asked for metrics/);
});

test('/openapi.json describes every route', async (t) => {
  const answer = await anApi(t).app.inject({ url: '/openapi.json', headers: AUTH });
  const document = answer.json<{ openapi: string; paths: Record<string, Record<string, { summary?: string }>> }>();
  assert.match(document.openapi, /^3\.1/);
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/healthz',
    '/metrics',
    '/readyz',
    '/v1/decisions',
    '/v1/decisions/{decision}',
    '/v1/info',
    '/v1/runs',
    '/v1/runs/{runId}',
    '/v1/runs/{runId}/cancel',
    '/v1/runs/{runId}/events',
    '/v1/runs/{runId}/log',
    '/v1/tasks',
    '/v1/tasks/{task}',
    '/v1/tasks/{task}/runs',
    '/v1/uploads',
  ]);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, route] of Object.entries(methods)) assert.ok(route.summary, `${method} ${path} has a summary`);
  }
});

test('/docs is a page, and everything it loads comes from this server', async (t) => {
  const { app } = anApi(t);
  const page = await app.inject({ url: '/docs/', headers: AUTH });
  assert.equal(page.statusCode, 200, page.body);
  const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(links.length >= 3);
  for (const link of links) {
    const answer = await app.inject({ url: new URL(link, 'http://host/docs/').pathname, headers: AUTH });
    assert.equal(answer.statusCode, 200, link);
    assert.ok(!link.startsWith('http'), link);
  }
});

test('every answer has the id under which the log knows the request', async (t) => {
  const { app, logged } = anApi(t);
  const answer = await app.inject({ url: '/v1/info', headers: AUTH });
  assert.match(logged(), new RegExp(`"reqId":"${answer.headers['x-request-id']}"`));
});
