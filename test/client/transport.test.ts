import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ServerUnreachable } from '../../src/client/failures.ts';
import { createTransport } from '../../src/client/transport.ts';
import type { ServerInfo, Upload } from '../../task-schemas/index.ts';

/** A server that takes connections and closes them at once, like a proxy whose own server is not there yet. */
async function closingServer(t: TestContext): Promise<string> {
  const server: Server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

test('a server that closes every connection is told as one that does not answer', async (t) => {
  const transport = createTransport(await closingServer(t), 'token', 200);
  const isTold = (error: unknown) => error instanceof ServerUnreachable;
  await assert.rejects(transport.json<ServerInfo>({ path: '/v1/info' }, 'version'), isTold);
  await assert.rejects(transport.stream({ path: '/v1/runs/r1/events' }, 'text/event-stream'), isTold);
  const body = (async function* () {
    yield new Uint8Array(10);
  })();
  await assert.rejects(transport.send<Upload>({ path: '/v1/uploads', body, contentType: 'x' }, 'uploadId'), isTold);
});
