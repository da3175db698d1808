import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createClient } from '../../src/client/client.ts';
import type { Upload } from '../../task-schemas/index.ts';
import { collect } from '../services/a-world.ts';
import { AUTH, anApi, TOKEN } from './an-api.ts';

const archive = gzipSync(Buffer.from('anything: the server looks at the first bytes alone'));

for (const type of ['application/gzip', 'application/x-tar', 'application/octet-stream', 'application/x-gzip']) {
  test(`an archive sent as ${type} is kept as it is`, async (t) => {
    const { app, blobStore } = anApi(t);
    const headers = { ...AUTH, 'content-type': type };
    const answer = await app.inject({ method: 'POST', url: '/v1/uploads', headers, payload: archive });
    assert.equal(answer.statusCode, 201, answer.body);
    const upload = answer.json<Upload>();
    const sha256 = createHash('sha256').update(archive).digest('hex');
    assert.deepEqual(upload, { uploadId: 'u000000000000001', bytes: archive.length, sha256 });
    const content = await blobStore.get(`uploads/${upload.uploadId}`);
    assert.ok(content !== undefined);
    assert.deepEqual(await buffer(content), archive);
  });
}

test('an upload is scheduled by its id', async (t) => {
  const api = anApi(t);
  const client = createClient({ server: await api.listen(), token: TOKEN });
  const { uploadId } = await client.upload(parts(archive, 7), 'application/gzip');
  const run = await client.schedule({ kind: 'task-file', source: { kind: 'upload', uploadId }, taskFile: 'a.yaml' });
  assert.equal(run.status, 'Queued');
});

test('an upload of unknown length is cut off at the limit, and the client is told', { timeout: 10_000 }, async (t) => {
  const api = anApi(t);
  const client = createClient({ server: await api.listen(), token: TOKEN });
  await assert.rejects(client.upload(endless(), 'application/gzip'), {
    name: 'ApiFailure',
    status: 413,
    message: /larger than 97.7 KiB\. Leave out what/,
  });
  assert.deepEqual(await collect(api.blobStore.list('')), [], 'nothing is kept');
});

test('a length beyond the limit is refused before a byte is read', { timeout: 10_000 }, async (t) => {
  const server = await anApi(t).listen();
  const headers = { ...AUTH, 'content-type': 'application/gzip', 'content-length': String(2 ** 31) };
  const request = httpRequest(`${server}/v1/uploads`, { method: 'POST', headers });
  request.on('error', () => undefined).flushHeaders();
  const status = await new Promise((resolve) => request.on('response', (response) => resolve(response.statusCode)));
  assert.equal(status, 413);
  request.destroy();
});

test('the answer to a refused upload arrives while the client is still sending', { timeout: 10_000 }, async (t) => {
  const server = await anApi(t).listen();
  const headers = { ...AUTH, 'content-type': 'application/gzip' };
  const request = httpRequest(`${server}/v1/uploads`, { method: 'POST', headers });
  request.write('PK\x03\x04'.padEnd(600));
  const answer = new Promise<string>((resolve) => request.on('response', (response) => resolve(text(response))));
  for (let sent = 0; sent < 50; sent++) {
    request.write(Buffer.alloc(65_536));
    await pause(1);
  }
  request.end();
  assert.match(await answer, /"upload-not-archive".*a zip archive/);
});

test('an upload that breaks off leaves nothing but a line for the operator', { timeout: 10_000 }, async (t) => {
  const api = anApi(t);
  const server = await api.listen();
  const headers = { ...AUTH, 'content-type': 'application/gzip', 'content-length': '50000' };
  const request = httpRequest(`${server}/v1/uploads`, { method: 'POST', headers }).on('error', () => undefined);
  request.write(Buffer.concat([archive, Buffer.alloc(1000)]));
  await pause(50);
  request.destroy();
  while (!api.logged().includes('upload-broken-off')) await pause(5);
  assert.deepEqual(await collect(api.blobStore.list('')), []);
  assert.doesNotMatch(api.logged(), /"level":50/, 'it is no fault of the server');
});

for (const { name, sent } of [
  { name: 'before its first byte', sent: Buffer.alloc(0) },
  { name: 'in its head', sent: archive.subarray(0, 10) },
  { name: 'in its middle', sent: Buffer.concat([archive, Buffer.alloc(1000)]) },
]) {
  test(`an upload that stalls ${name} is given up, and the client is told`, { timeout: 10_000 }, async (t) => {
    const api = anApi(t, () => ({ uploadSilenceMs: 100 }));
    const stalled = await stall(await api.listen(), sent);
    const answer = await stalled.answer;
    assert.equal(answer.statusCode, 408);
    assert.match(await text(answer), /"upload-stalled".*nothing came for 0\.1 s.*upload again/);
    await stalled.closed;
    assert.deepEqual(await collect(api.blobStore.list('')), []);
  });

  test(`an upload that stalls ${name} does not hold up the end of the server`, { timeout: 10_000 }, async (t) => {
    const api = anApi(t);
    const stalled = await stall(await api.listen(), sent);
    const closing = api.app.close();
    const answer = await stalled.answer;
    assert.equal(answer.statusCode, 503);
    assert.match(await text(answer), /"server-closing"/);
    await closing;
    assert.deepEqual(await collect(api.blobStore.list('')), []);
  });
}

test('a slow client is not a stalled one', { timeout: 10_000 }, async (t) => {
  const api = anApi(t, () => ({ uploadSilenceMs: 300 }));
  const client = createClient({ server: await api.listen(), token: TOKEN });
  async function* slowly() {
    for await (const part of parts(archive, Math.ceil(archive.length / 6))) {
      yield part;
      await pause(100);
    }
  }
  assert.equal((await client.upload(slowly(), 'application/gzip')).bytes, archive.length);
});

test('uploads are streamed, not collected: the store reads while the client still sends', {
  timeout: 10_000,
}, async (t) => {
  const seen: number[] = [];
  const api = anApi(t, ({ blobStore }) => ({
    blobStore: {
      ...blobStore,
      async put(_key, content) {
        for await (const part of content) seen.push(part.length);
        return { kind: 'stored', bytes: 1, sha256: 'x' };
      },
    },
  }));
  const headers = { ...AUTH, 'content-type': 'application/gzip' };
  const request = httpRequest(`${await api.listen()}/v1/uploads`, { method: 'POST', headers });
  const answered = new Promise<number | undefined>((resolve) => request.on('response', (r) => resolve(r.statusCode)));
  request.write(Buffer.concat([archive, Buffer.alloc(1000)]));
  while (seen.length === 0) await pause(5);
  request.end('the rest');
  assert.equal(await answered, 201);
});

/** An upload of which `sent` arrives at the server, and then nothing more. */
async function stall(server: string, sent: Buffer) {
  const headers = { ...AUTH, 'content-type': 'application/gzip', 'content-length': '50000' };
  const request = httpRequest(`${server}/v1/uploads`, { method: 'POST', headers }).on('error', () => undefined);
  const answer = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  const closed = once(request, 'close');
  request.flushHeaders();
  if (sent.length > 0) request.write(sent);
  await pause(50);
  return { answer, closed };
}

async function* parts(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* endless(): AsyncGenerator<Uint8Array> {
  yield archive;
  for (;;) yield Buffer.alloc(16_384);
}
