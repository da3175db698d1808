/** A web server of tests on a loopback port: each path has a handler of its own. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What answers at a path: a body, or a function. */
export type Handler = Buffer | string | ((request: IncomingMessage, response: ServerResponse) => void);

/** A running server. `seen` are the requests so far: path and `Authorization`. */
export interface FileServer {
  readonly url: string;
  readonly seen: { readonly path: string; readonly authorization: string | undefined }[];
  readonly handlers: Map<string, Handler>;
}

/** Starts a server that ends with the test; what it does not know is a 404 that says so. */
export async function startFileServer(t: TestContext, files: Readonly<Record<string, Handler>>): Promise<FileServer> {
  const seen: FileServer['seen'] = [];
  const handlers = new Map(Object.entries(files));
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    seen.push({ path, authorization: request.headers.authorization });
    const handler = handlers.get(path.split('?')[0] ?? '');
    if (typeof handler === 'function') handler(request, response);
    else if (handler === undefined) response.writeHead(404).end('no such thing');
    else response.end(handler);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has such an address.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, handlers };
}
