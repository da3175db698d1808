import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import { RegistryError } from '../../../src/ports/registry-client.ts';
import { startScriptedRegistry } from '../../workers/engine/scripted-registry.ts';

const never = new AbortController().signal;
const DIGEST = `sha256:${'a'.repeat(64)}`;
const MAX_BYTES = 4 * 1024 * 1024;

async function repositoryOf(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const registry = await startScriptedRegistry(answer);
  t.after(() => registry.close());
  return createRegistryClient().repository({ registry: registry.host, path: 'a', plainHttp: true });
}

/** Writes until whoever reads has enough; answers how many bytes went out. */
async function pour(response: ServerResponse): Promise<number> {
  const chunk = Buffer.alloc(1024 * 1024, ' ');
  let bytes = 0;
  for (let isOpen = true; isOpen; bytes += chunk.length) {
    if (response.write(chunk)) continue;
    isOpen = await Promise.race([once(response, 'drain').then(() => true), once(response, 'close').then(() => false)]);
  }
  return bytes;
}

test('a token service that never ends is not read to its end', async (t) => {
  let poured: Promise<number> | undefined;
  const repository = await repositoryOf(t, (request, response) => {
    if (request.url?.startsWith('/token')) {
      response.write('{"token":"');
      poured = pour(response);
      return;
    }
    const realm = `http://${request.headers.host}/token`;
    response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="${realm}"` }).end();
  });
  await assert.rejects(repository.readManifest('v1', never), (error) => {
    return error instanceof RegistryError && error.message.includes(`more than ${MAX_BYTES} bytes`);
  });
  assert.ok(poured !== undefined && (await poured) > MAX_BYTES);
});

for (const status of [200, 500]) {
  test(`an answer with the status ${status} that never ends is not read to its end`, async (t) => {
    let poured: Promise<number> | undefined;
    const repository = await repositoryOf(t, (_request, response) => {
      response.writeHead(status);
      poured = pour(response);
    });
    await assert.rejects(repository.readManifest('v1', never), /more than 4194304 bytes/);
    assert.ok(poured !== undefined && (await poured) > MAX_BYTES);
  });
}

test('a blob that breaks off is an error of the registry', async (t) => {
  const repository = await repositoryOf(t, (_request, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('begun', () => response.destroy());
  });
  const blob = await repository.readBlob(DIGEST, never);
  assert.ok(blob);
  await assert.rejects(blob.toArray(), (error) => error instanceof RegistryError && /broke off/.test(error.message));
});

test('a blob or a manifest that is no longer wanted ends with the reason, and its connection too', async (t) => {
  const closed: Promise<unknown>[] = [];
  const begun: (() => void)[] = [];
  const repository = await repositoryOf(t, (_request, response) => {
    closed.push(once(response, 'close'));
    response.write('begun', () => begun.shift()?.());
  });
  const readings = [
    async (signal: AbortSignal) => (await repository.readBlob(DIGEST, signal))?.toArray(),
    (signal: AbortSignal) => repository.readManifest('v1', signal),
  ];
  for (const read of readings) {
    const stop = new AbortController();
    const isBegun = new Promise<void>((done) => begun.push(done));
    const reading = read(stop.signal);
    await isBegun;
    stop.abort(new Error('no longer wanted'));
    await assert.rejects(reading, /no longer wanted/);
  }
  await Promise.all(closed);
  assert.equal(closed.length, 2);
});

test('a blob that nobody reads on ends its connection', async (t) => {
  const closed: Promise<unknown>[] = [];
  const repository = await repositoryOf(t, (_request, response) => {
    closed.push(once(response, 'close'));
    response.write('begun');
  });
  const blob = await repository.readBlob(DIGEST, never);
  blob?.destroy();
  await Promise.all(closed);
  assert.equal(closed.length, 1);
});

test('a manifest under a digest of another kind has that digest as well', async (t) => {
  const repository = await repositoryOf(t, (_request, response) => response.end('{}'));
  const right =
    'sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd';
  assert.equal((await repository.readManifest(right, never))?.digest, right);
  await assert.rejects(repository.readManifest(`sha512:${'0'.repeat(128)}`, never), /something else/);
});

test('connections are kept for the requests to come', async (t) => {
  const ports = new Set<number | undefined>();
  const repository = await repositoryOf(t, (request, response) => {
    ports.add(request.socket.remotePort);
    response.writeHead(404, { 'Content-Length': '2' }).end(request.method === 'HEAD' ? undefined : '{}');
  });
  for (let times = 0; times < 5; times += 1) {
    assert.equal(await repository.hasBlob(DIGEST, never), false);
    assert.equal(await repository.readManifest('v1', never), undefined);
  }
  // The end of an answer that nobody reads is not waited for, so the request after it may take a second one.
  assert.ok(ports.size <= 2, String(ports.size));
});
