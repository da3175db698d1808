import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to Redis that can break at the worst moment. */
export interface CuttingProxy {
  /** The address of Redis through the proxy. */
  readonly url: string;
  /** Cuts the connection instead of handing on the answer to the next command that holds this text. */
  cutAnswerTo(text: string): void;
  /** Cuts all connections; new ones are taken. */
  cutAll(): void;
  /** Cuts all connections and takes no new ones. */
  close(): void;
}

/** Listens on a free port before the Redis at `target`. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let fatal: string | undefined;
  const cut = (...those: readonly Socket[]) => {
    for (const socket of those) socket.destroy();
  };

  const server = createServer((client) => {
    const redis = connect(Number(port), hostname);
    let doomed = false;
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        cut(client, redis);
      });
    }
    client.on('data', (data) => {
      if (fatal !== undefined && data.includes(fatal)) {
        fatal = undefined;
        doomed = true;
      }
      redis.write(data);
    });
    redis.on('data', (data) => (doomed ? cut(client, redis) : client.write(data)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const own = typeof address === 'object' ? address?.port : undefined;
  const url = new URL(target);
  url.host = `127.0.0.1:${own}`;
  return {
    url: url.href,
    cutAnswerTo: (text) => {
      fatal = text;
    },
    cutAll: () => cut(...sockets),
    close: () => {
      server.close();
      cut(...sockets);
    },
  };
}
