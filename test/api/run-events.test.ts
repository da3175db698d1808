import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../../src/client/client.ts';
import { readSse } from '../../src/client/sse.ts';
import type { LogChunk } from '../../task-schemas/index.ts';
import { collect, lines } from '../services/a-world.ts';
import { archiveLog } from '../support/archive-log.ts';
import { aRun } from '../support/fakes/run.ts';
import { AUTH, anApi, type TestApi, TOKEN } from './an-api.ts';

const ID = 'r0000001';
const LINES = ['one', 'two', 'three', 'four', 'five'];

/** A run that a worker has, with a log of five lines in two chunks. */
async function started(api: TestApi): Promise<void> {
  await api.runStore.insert(aRun({ id: ID }));
  await api.runStore.apply(ID, { kind: 'claimed', at: 2_000, worker: 'w' });
  await api.logStore.append(ID, 1, [lines('one\ntwo\nthree'), lines('four\nfive', 'engine')]);
}

async function finish(api: TestApi): Promise<void> {
  await api.runStore.apply(ID, { kind: 'finished', at: 3_000, result: { status: 'Succeeded' } });
  await archiveLog(api, ID);
}

async function open(server: string, headers: Record<string, string> = {}, query = ''): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    get(`${server}/v1/runs/${ID}/events${query}`, { headers: { ...AUTH, ...headers } }, resolve).on('error', reject);
  });
}

for (let after = 0; after <= LINES.length; after++) {
  test(`resumed behind line ${after}, by header and by query`, async (t) => {
    const api = anApi(t);
    await started(api);
    await finish(api);
    const server = await api.listen();
    const byHeader = await collect(readSse(await open(server, { 'last-event-id': String(after) }, '?after=99')));
    const byQuery = await collect(readSse(await open(server, {}, `?after=${after}`)));
    assert.deepEqual(byHeader, byQuery);
    const chunks = byHeader
      .filter((message) => message.event === 'log')
      .map((message): LogChunk => JSON.parse(message.data));
    assert.deepEqual(
      chunks.flatMap((chunk) => chunk.text.split('\n')),
      LINES.slice(after),
    );
    const ids = byHeader.filter((message) => message.event === 'log').map((message) => Number(message.id));
    assert.deepEqual(
      ids,
      chunks.map((chunk) => chunk.last),
    );
    assert.equal(byHeader.at(-1)?.event, 'end');
  });
}

test('the answer is an event stream that nobody may keep or collect', async (t) => {
  const api = anApi(t);
  await started(api);
  await finish(api);
  const response = await open(await api.listen());
  const { headers } = response;
  assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-accel-buffering'], 'no');
  assert.ok((await text(response)).startsWith(': connected\n\n'));
});

test('two clients follow a run as it goes on', { timeout: 10_000 }, async (t) => {
  const api = anApi(t);
  await started(api);
  const client = createClient({ server: await api.listen(), token: TOKEN });
  const following = [collect(client.follow(ID)), collect(client.follow(ID, { after: 3 }))];
  for (let n = 0; n < 20; n++) {
    await api.logStore.append(ID, 1, [lines(`live ${n}`)]);
    await pause(1);
  }
  await finish(api);
  const live = Array.from({ length: 20 }, (_, n) => `live ${n}`);
  const [all, some] = (await Promise.all(following)).map((events) => ({
    texts: events.flatMap((event) => (event.kind === 'log' ? event.chunk.text.split('\n') : [])),
    last: events.at(-1),
  }));
  assert.deepEqual(all?.texts, [...LINES, ...live]);
  assert.deepEqual(some?.texts, [...LINES.slice(3), ...live]);
  for (const { last } of [all, some].filter((one) => one !== undefined)) {
    assert.ok(last?.kind === 'run' && last.run.status === 'Succeeded');
  }
});

test('a quiet run shows signs of life', { timeout: 10_000 }, async (t) => {
  const api = anApi(t, () => ({ heartbeatMs: 10 }));
  await started(api);
  const response = await open(await api.listen());
  let got = '';
  for await (const part of response) {
    got += part;
    if (got.split(': still here\n\n').length > 3) break;
  }
});

test('a client that goes away is no longer followed for', { timeout: 10_000 }, async (t) => {
  let following = 0;
  const api = anApi(t, ({ logStore }) => ({
    logStore: {
      ...logStore,
      async *follow(...args) {
        following += 1;
        yield* logStore.follow(...args);
        following -= 1;
      },
    },
  }));
  await started(api);
  const response = await open(await api.listen());
  while (following === 0) await pause(5);
  response.destroy();
  while (following > 0) await pause(5);
});

test('a client that does not read is not written to without end', { timeout: 20_000 }, async (t) => {
  let yielded = 0;
  const api = anApi(t, ({ logStore }) => ({
    logStore: {
      ...logStore,
      async *follow() {
        const textOf64KiB = 'x'.repeat(65_536);
        for (let n = 1; ; n++) {
          yielded = n;
          yield [{ first: n, last: n, at: 1, attempt: 1, stream: 'stdout', text: textOf64KiB } as const];
        }
      },
    },
  }));
  await started(api);
  const response = await open(await api.listen());
  response.pause();
  let before = -1;
  while (before !== yielded || yielded === 0) {
    before = yielded;
    await pause(300);
  }
  assert.ok(yielded < 500, `${yielded} chunks of 64 KiB were made for a client that reads none`);
  response.destroy();
});

test('closing the server ends the streams without an end event', { timeout: 10_000 }, async (t) => {
  const api = anApi(t);
  await started(api);
  const messages = collect(readSse(await open(await api.listen())));
  await pause(50);
  await api.app.close();
  assert.equal(
    (await messages).some((message) => message.event === 'end'),
    false,
  );
});

test('a store that fails under a stream cuts it, so that the client comes again', { timeout: 10_000 }, async (t) => {
  const api = anApi(t, ({ logStore }) => ({
    logStore: {
      ...logStore,
      follow: async function* () {
        yield await Promise.reject(new Error('the store is gone'));
      },
    },
  }));
  await started(api);
  const response = await open(await api.listen());
  await assert.rejects(text(response), /aborted/);
  assert.match(api.logged(), /the store is gone/);
});
