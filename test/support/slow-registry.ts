import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp } from './clean-up.ts';

/** A registry behind a thin line. */
export interface SlowRegistry {
  /** host:port; plain HTTP, which engines allow on 127.0.0.0/8. */
  readonly host: string;
  /** Resolves as soon as part of a layer has come whose address contains `words`. */
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
  const closed = new AbortController();
  const onBegun = (path: string) => {
    begun.add(path);
    for (const look of waiting) look();
  };
  const server = createServer((incoming, response) => {
    forward(incoming, response, registry, onBegun, closed.signal);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(t, async () => {
    closed.abort();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    // A server that listens on TCP has an address with a port.
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    uploading: (words) =>
      new Promise((resolve) => {
        const look = () => {
          if (![...begun].some((path) => path.includes(words))) return;
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
  closed: AbortSignal,
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
  incoming.pipe(throttle(() => onBegun(url), closed)).pipe(forwarded);
}

function throttle(onBegun: () => void, closed: AbortSignal): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes >= BEGUN_BYTES) onBegun();
      sleep((chunk.length / SPEED) * 1000, undefined, { signal: closed }).then(
        () => done(null, chunk),
        () => done(new Error('the registry is closed')),
      );
    },
  }).on('error', () => {});
}
