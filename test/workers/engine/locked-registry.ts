import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realParts } from '../../support/real-parts.ts';

/** A registry that wants a password. */
export interface LockedRegistry {
  /** host:port; plain HTTP, which engines allow on 127.0.0.0/8. */
  readonly registry: string;
  close(): Promise<void>;
}

/** Lets the registry of the tests answer. */
export function forwardToRegistry(incoming: IncomingMessage, response: ServerResponse): void {
  const [host, port] = realParts().registry.split(':');
  const { method, url, headers } = incoming;
  const forwarded = request({ host, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.once('error', () => response.destroy());
  // Who breaks off does not leave the registry waiting for the rest.
  incoming.once('close', () => incoming.complete || forwarded.destroy());
  incoming.pipe(forwarded);
}

/** The registry of the tests behind a door that asks for a password, as a registry with htpasswd does. */
export async function startLockedRegistry(credential: {
  readonly username: string;
  readonly password: string;
}): Promise<LockedRegistry> {
  const key = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`;
  const server = createServer((incoming: IncomingMessage, response) => {
    if (incoming.headers.authorization !== key) {
      incoming.resume();
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="locked"', 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }));
      return;
    }
    forwardToRegistry(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const address = server.address() as AddressInfo;
  return {
    registry: `127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
