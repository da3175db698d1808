import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { createClient, type FollowEvent } from '../../src/client/client.ts';
import type { Run } from '../../task-schemas/index.ts';
import { collect } from '../services/a-world.ts';
import { aRun } from '../support/fakes/run.ts';
import { anError, aServer, INFO, json } from './a-server.ts';

const patience = { firstPauseMs: 5, longestPauseMs: 20, giveUpAfterMs: 150, silenceMs: 100 };
const ID = 'r0000001';
const final: Run = aRun({ status: 'Succeeded' });

function events(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
}

/** Lines `first` to `last`, each the text of its number. */
function log(first: number, last: number): string {
  const text = Array.from({ length: last - first + 1 }, (_, n) => String(first + n)).join('\n');
  const chunk = { first, last, at: 1, attempt: 1, stream: 'stdout', text };
  return `event: log\nid: ${last}\ndata: ${JSON.stringify(chunk)}\n\n`;
}

function record(event: 'run' | 'end', run: Run): string {
  return `event: ${event}\ndata: ${JSON.stringify(run)}\n\n`;
}

function told(all: readonly FollowEvent[]): string[] {
  return all.map((event) => {
    if (event.kind === 'log') return event.chunk.text.replaceAll('\n', ',');
    return event.kind === 'run' ? event.run.status : `(${event.reason})`;
  });
}

test('lines and records arrive, and it ends with the final record', async (t) => {
  const server = await aServer(t, (request, response) => {
    assert.equal(request.url, `/v1/runs/${ID}/events`);
    assert.equal(request.headers['last-event-id'], '4');
    events(response).end(`: connected\n\n${record('run', aRun())}${log(5, 6)}${record('end', final)}`);
  });
  const client = createClient({ server, token: 'T', patience });
  assert.deepEqual(told(await collect(client.follow(ID, { after: 4 }))), ['Queued', '5,6', 'Succeeded']);
});

test('a broken connection is picked up where it broke; no line is lost or doubled', async (t) => {
  const asked: unknown[] = [];
  const server = await aServer(t, (request, response, nth) => {
    asked.push(request.headers['last-event-id']);
    const parts = [
      () => events(response).write(log(1, 2), () => response.destroy()),
      () => events(response).end(log(3, 3)),
      () => json(response, 503, anError('store-unavailable')),
      // Overlaps what was delivered, as a careless server might.
      () => events(response).end(`${log(2, 5)}${log(4, 5)}${record('end', final)}`),
    ];
    parts[nth]?.();
  });
  const all = await collect(createClient({ server, token: 'T', patience }).follow(ID));
  assert.deepEqual(asked, ['0', '2', '3', '3']);
  assert.deepEqual(told(all), [
    '1,2',
    '(it closed the connection)',
    '3',
    '(it ended the stream before the run was over)',
    '(It is store-unavailable. Do something.)',
    '4,5',
    'Succeeded',
  ]);
});

test('a connection that falls silent counts as broken', async (t) => {
  const server = await aServer(t, (_request, response, nth) => {
    if (nth === 0) events(response).write(log(1, 1));
    else events(response).end(record('end', final));
  });
  const all = await collect(createClient({ server, token: 'T', patience }).follow(ID));
  assert.deepEqual(told(all), ['1', '(it did not answer in time)', 'Succeeded']);
});

test('signs of life keep a quiet connection', { timeout: 5_000 }, async (t) => {
  const server = await aServer(t, (_request, response) => {
    events(response);
    let beats = 0;
    const timer = setInterval(() => {
      response.write(': still here\n\n');
      beats += 1;
      if (beats < 6) return;
      clearInterval(timer);
      response.end(record('end', final));
    }, 40);
  });
  const all = await collect(createClient({ server, token: 'T', patience }).follow(ID));
  assert.deepEqual(told(all), ['Succeeded']);
});

test('a server that stays away is given up after the stated time', { timeout: 5_000 }, async (t) => {
  const server = await aServer(t, (_request, response, nth) => {
    if (nth === 0) events(response).end(log(1, 1));
    else response.destroy();
  });
  const all: FollowEvent[] = [];
  const following = async () => {
    for await (const event of createClient({ server, token: 'T', patience }).follow(ID)) all.push(event);
  };
  await assert.rejects(following, { name: 'ServerUnreachable' });
  assert.ok(all.filter((event) => event.kind === 'reconnecting').length >= 3);
});

test('a server that never answered is not waited for', async (t) => {
  const server = await aServer(t, (_request, response) => void response.destroy());
  const client = createClient({ server, token: 'T', patience });
  await assert.rejects(collect(client.follow(ID)), { name: 'ServerUnreachable' });
});

test('a server that answered another call before is waited for', async (t) => {
  const server = await aServer(t, (_request, response, nth) => {
    if (nth === 0) json(response, 200, INFO);
    else if (nth === 1) response.destroy();
    else events(response).end(record('end', final));
  });
  const client = createClient({ server, token: 'T', patience });
  await client.info();
  assert.deepEqual(told(await collect(client.follow(ID))), ['(it closed the connection)', 'Succeeded']);
});

for (const status of [401, 404]) {
  test(`a refusal with ${status} is final`, async (t) => {
    const server = await aServer(t, (_request, response) => json(response, status, anError('no')));
    const client = createClient({ server, token: 'T', patience });
    await assert.rejects(collect(client.follow(ID)), { name: 'ApiFailure', status });
  });
}

test('an abort ends it without error and closes the connection', { timeout: 5_000 }, async (t) => {
  let onClosed: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const server = await aServer(t, (_request, response) => {
    response.on('close', onClosed);
    events(response).write(log(1, 1));
  });
  const stop = new AbortController();
  for await (const _ of createClient({ server, token: 'T' }).follow(ID, {}, stop.signal)) stop.abort();
  await gone;
});

test('a reader that leaves early closes the connection', { timeout: 5_000 }, async (t) => {
  let onClosed: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const server = await aServer(t, (_request, response) => {
    response.on('close', onClosed);
    events(response).write(log(1, 1));
  });
  for await (const _ of createClient({ server, token: 'T' }).follow(ID)) break;
  await gone;
});
