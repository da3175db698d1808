import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import type { TestContext } from 'node:test';
import { cleanUp } from './clean-up.ts';

/** A registry behind a thin line. */
export interface SlowRegistry {
  /** host:port; plain HTTP, which engines allow on 127.0.0.0/8. */
  readonly host: string;
  /** Resolves as soon as part of a layer has come whose address contains `words`; rejects when none does for a minute. */
  uploading(words: string): Promise<void>;
}

/** How fast layers come through, one by one, in bytes a second. */
const SPEED = 128 * 1024;
/** What has come when a layer is on its way: more than the engine sends in one piece. */
const BEGUN_BYTES = 64 * 1024;

/** The registry at `registry` (host:port), which everything comes through to, but layers only slowly. */
export async function startSlowRegistry(t: TestContext, registry: string): Promise<SlowRegistry> {
  const begun = new Set<string>();
  const waiting = new Set<() => void>();
  const onBegun = (path: string) => {
    begun.add(path);
    for (const look of waiting) look();
  };
  const server = createServer((incoming, response) => {
    forward(incoming, response, registry, onBegun);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(t, async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    // A server that listens on TCP has an address with a port.
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    uploading: (words) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`No layer has come with ${words} in its address.`)), 60_000);
        const look = () => {
          if (![...begun].some((path) => path.includes(words))) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  registry: string,
  onBegun: (path: string) => void,
): void {
  const { method, url = '', headers } = incoming;
  const [host, port] = registry.split(':');
  // The header with the host stays: of it the registry makes the addresses of uploads, which lead here again.
  const forwarded = request({ host, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.once('error', () => response.destroy());
  incoming.once('error', () => forwarded.destroy());
  incoming.once('close', () => {
    if (!incoming.complete) forwarded.destroy();
  });
  incoming.pipe(throttle(() => onBegun(url))).pipe(forwarded);
}

function throttle(onBegun: () => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes >= BEGUN_BYTES) onBegun();
      setTimeout(() => done(null, chunk), (chunk.length / SPEED) * 1000).unref();
    },
  });
}
