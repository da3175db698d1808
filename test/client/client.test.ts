import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createClient } from '../../src/client/client.ts';
import { ApiFailure, ServerUnreachable } from '../../src/client/failures.ts';
import { aRun } from '../support/fakes/run.ts';
import { anError, aServer, INFO, json } from './a-server.ts';

test('every call goes to its route, with the token', async (t) => {
  const seen: string[] = [];
  const server = await aServer(t, async (request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${await text(request)}`.trim());
    if (request.url === '/base/v1/info') return json(response, 200, INFO);
    if (request.url?.endsWith('/log')) return void response.setHeader('content-type', 'text/plain').end('a\nb\n');
    json(response, 200, request.url?.includes('?') ? { runs: [] } : aRun());
  });
  const client = createClient({ server: `${server}/base/`, token: 'T' });
  assert.deepEqual(await client.info(), INFO);
  assert.deepEqual(await client.getRun('r0000001'), aRun());
  assert.deepEqual(await client.cancelRun('r0000001'), aRun());
  assert.deepEqual(await client.listRuns({ status: ['Failed', 'Error'], since: 5, limit: 2 }), { runs: [] });
  assert.equal(await text(await client.log('r0000001')), 'a\nb\n');
  await client.schedule({ kind: 'task-file', source: { kind: 'none' }, taskFile: 't.yaml' });
  assert.deepEqual(seen, [
    'GET /base/v1/info Bearer T',
    'GET /base/v1/runs/r0000001 Bearer T',
    'POST /base/v1/runs/r0000001/cancel Bearer T',
    'GET /base/v1/runs?status=Failed&status=Error&since=5&limit=2 Bearer T',
    'GET /base/v1/runs/r0000001/log Bearer T',
    'POST /base/v1/runs Bearer T {"kind":"task-file","source":{"kind":"none"},"taskFile":"t.yaml"}',
  ]);
});

test('an upload is streamed', async (t) => {
  const upload = { uploadId: 'u000000000000000', bytes: 6, sha256: 'x' };
  let got: { request: IncomingMessage; body: Buffer } | undefined;
  const server = await aServer(t, async (request, response) => {
    got = { request, body: await buffer(request) };
    json(response, 201, upload);
  });
  async function* body() {
    yield Buffer.from('abc');
    yield Buffer.from('def');
  }
  assert.deepEqual(await createClient({ server, token: 'T' }).upload(body(), 'application/gzip'), upload);
  assert.equal(got?.body.toString(), 'abcdef');
  assert.equal(got?.request.headers['content-type'], 'application/gzip');
  assert.equal(got?.request.headers['content-length'], undefined);
});

test('an upload that is refused before its end tells why', { timeout: 10_000 }, async (t) => {
  const server = await aServer(t, (request, response) => {
    json(response, 413, anError('upload-too-large'));
    request.resume();
  });
  let ended = false;
  async function* endless() {
    try {
      for (;;) {
        yield Buffer.alloc(65_536);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      ended = true;
    }
  }
  const client = createClient({ server, token: undefined });
  await assert.rejects(client.upload(endless(), 'application/gzip'), { name: 'ApiFailure', status: 413 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(ended, 'the source was let go');
});

test('an upload whose source fails rejects with the error of the source', { timeout: 10_000 }, async (t) => {
  const server = await aServer(t, (request) => void request.resume().on('error', () => undefined));
  const failure = new Error('the file changed while it was read');
  async function* failing() {
    yield Buffer.from('abc');
    throw failure;
  }
  const uploading = createClient({ server, token: undefined }).upload(failing(), 'application/gzip');
  await assert.rejects(uploading, (error) => error === failure);
});

test('a refusal is an ApiFailure with what the server said', async (t) => {
  const server = await aServer(t, (_request, response) => json(response, 404, anError('run-unknown')));
  await assert.rejects(createClient({ server, token: 'T' }).getRun('r0000001'), (error) => {
    assert.ok(error instanceof ApiFailure);
    assert.equal(error.status, 404);
    assert.deepEqual(error.error, anError('run-unknown'));
    assert.equal(error.message, 'It is run-unknown. Do something.');
    return true;
  });
});

const strangers = [
  {
    name: 'the page of a proxy',
    status: 502,
    type: 'text/html',
    body: '<h1>Bad Gateway</h1>',
    says: /status 502 and content of type text\/html.*behind it runs/,
  },
  {
    name: 'a login page',
    status: 200,
    type: 'text/html',
    body: '<form>',
    says: /status 200.*lets API requests through/,
  },
  { name: 'JSON of something else', status: 200, type: 'application/json', body: '{"hello":1}', says: /not Slipway/ },
  {
    name: 'an error of something else',
    status: 404,
    type: 'application/json',
    body: '{"error":"x"}',
    says: /not Slipway/,
  },
] as const;

for (const { name, status, type, body, says } of strangers) {
  test(`${name} is told as such`, async (t) => {
    const server = await aServer(t, (_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    await assert.rejects(createClient({ server, token: 'T' }).info(), (error) => {
      assert.ok(error instanceof ServerUnreachable);
      assert.match(error.message, says);
      assert.equal(error.server, server);
      return true;
    });
  });
}

test('a stream that is not text is told as such', async (t) => {
  const server = await aServer(t, (_request, response) => json(response, 200, { a: 1 }));
  await assert.rejects(createClient({ server, token: 'T' }).log('r0000001'), ServerUnreachable);
});

test('a log that breaks off fails as an unreachable server, behind what arrived', async (t) => {
  const server = await aServer(t, (_request, response) => {
    response.setHeader('content-type', 'text/plain').write('a\n', () => response.destroy());
  });
  const log = await createClient({ server, token: 'T' }).log('r0000001');
  let got = '';
  const reading = async () => {
    for await (const part of log) got += Buffer.from(part).toString();
  };
  await assert.rejects(reading, { name: 'ServerUnreachable', reason: 'it closed the connection' });
  assert.equal(got, 'a\n');
});

test('a server that is not there', async () => {
  const server = await closedPort();
  await assert.rejects(createClient({ server, token: 'T' }).info(), (error) => {
    assert.ok(error instanceof ServerUnreachable);
    assert.match(
      error.message,
      /:\d+ can't be reached: nothing listens there \(connection refused\)\. Check the address/,
    );
    assert.ok(error.cause instanceof Error);
    return true;
  });
});

test('a host that does not exist', async () => {
  const client = createClient({ server: 'http://no-such-host.invalid', token: 'T' });
  await assert.rejects(client.info(), /its host name (is unknown|could not be looked up)/);
});

for (const server of ['localhost:8080', 'ftp://x', '', 'not a url']) {
  test(`"${server}" is no address of a server`, () => {
    assert.throws(() => createClient({ server, token: 'T' }), /is not an http:\/\/ or https:\/\/ address/);
  });
}

test('a call that is aborted rejects with the reason', async (t) => {
  const server = await aServer(t, () => undefined);
  const reason = new Error('Ctrl-C');
  const stop = new AbortController();
  const calling = createClient({ server, token: 'T' }).info(stop.signal);
  stop.abort(reason);
  await assert.rejects(calling, (error) => error === reason);
});

/** An address where nothing listens any more. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP: the address is never a path.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
