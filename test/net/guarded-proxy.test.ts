import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { startGuardedProxy } from '../../src/net/guarded-proxy.ts';
import { cleanUp } from '../support/clean-up.ts';
import { startFileServer } from '../support/file-server.ts';

/** A proxy that may not go to 127.0.0.2, where the name `elsewhere.test` leads; `here.test` leads to 127.0.0.1. */
async function rig(t: TestContext) {
  const server = await startFileServer(t, { '/file': 'content' });
  const proxy = await startGuardedProxy(
    (address) => (address === '127.0.0.2' ? 'forbidden here' : undefined),
    (host, _options, done) => done(null, [{ address: host === 'here.test' ? '127.0.0.1' : '127.0.0.2', family: 4 }]),
  );
  cleanUp(t, () => proxy.close());
  return { server, proxy, port: new URL(server.url).port };
}

function headersFor({ username, password }: URL) {
  return username === '' ? {} : { 'proxy-authorization': `Basic ${btoa(`${username}:${password}`)}` };
}

async function get(proxy: URL, url: string): Promise<readonly [status: number | undefined, body: string]> {
  const { hostname, port } = proxy;
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, path: url, headers: headersFor(proxy) }, async (answer) => {
      resolve([answer.statusCode, await text(answer)]);
    });
    sent.on('error', reject).end();
  });
}

async function connect(proxy: URL, to: string): Promise<{ status: number | undefined; socket: Socket }> {
  const { hostname, port } = proxy;
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, method: 'CONNECT', path: to, headers: headersFor(proxy) });
    sent.on('connect', ({ statusCode: status }, socket: Socket) => resolve({ status, socket }));
    sent.on('error', reject).end();
  });
}

test('it leads to hosts that may be contacted, and keeps its password to itself', async (t) => {
  const { server, proxy, port } = await rig(t);
  assert.deepEqual(await get(new URL(proxy.url), `http://here.test:${port}/file`), [200, 'content']);
  const { status, socket } = await connect(new URL(proxy.url), `here.test:${port}`);
  assert.equal(status, 200);
  socket.write('GET /file HTTP/1.0\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK[\s\S]*content$/);
  assert.deepEqual(
    server.seen.map(({ path }) => path),
    ['/file', '/file'],
  );
  assert.deepEqual(proxy.refused, []);
});

for (const host of ['127.0.0.2', 'elsewhere.test']) {
  test(`it does not lead to ${host}`, async (t) => {
    const { proxy } = await rig(t);
    assert.equal((await get(new URL(proxy.url), `http://${host}:1/file`))[0], 403);
    assert.equal((await connect(new URL(proxy.url), `${host}:1`)).status, 403);
    assert.equal(proxy.refused.length, 2);
    for (const sentence of proxy.refused) assert.match(sentence, /^\S+ .*forbidden here$/);
  });
}

test('who does not know the password gets nothing', async (t) => {
  const { server, proxy, port } = await rig(t);
  const stranger = new URL(proxy.url);
  stranger.username = '';
  stranger.password = '';
  assert.equal((await get(stranger, `http://here.test:${port}/file`))[0], 407);
  assert.equal((await connect(stranger, `here.test:${port}`)).status, 407);
  assert.deepEqual(server.seen, []);
});

test('a host that does not answer is a 502, and what is no URL a 400', async (t) => {
  const { proxy } = await rig(t);
  assert.equal((await get(new URL(proxy.url), 'http://127.0.0.1:1/'))[0], 502);
  assert.equal((await connect(new URL(proxy.url), '127.0.0.1:1')).status, 502);
  assert.equal((await get(new URL(proxy.url), '/file'))[0], 400);
});

test('closing it cuts its tunnels', async (t) => {
  const { proxy, port } = await rig(t);
  const { socket } = await connect(new URL(proxy.url), `here.test:${port}`);
  const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  await proxy.close();
  socket.resume();
  await closed;
});
