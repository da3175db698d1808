import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry that only does what a test says. */
export interface ScriptedRegistry {
  /** host:port; plain HTTP, which engines allow on 127.0.0.0/8. */
  readonly host: string;
  /** `METHOD path` of the requests so far. */
  readonly requests: readonly string[];
  /** The values of the Authorization header it was sent. */
  readonly authorizations: ReadonlySet<string>;
  /** Resolves when a request whose `METHOD path` matches has come. */
  requested(pattern: RegExp): Promise<void>;
  close(): Promise<void>;
}

/** Starts a registry on 127.0.0.1; `answer` may also leave a request without an answer. */
export async function startScriptedRegistry(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ScriptedRegistry> {
  const requests: string[] = [];
  const authorizations = new Set<string>();
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.headers.authorization !== undefined) authorizations.add(request.headers.authorization);
    for (const look of waiting) look();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    requests,
    authorizations,
    requested: (pattern) =>
      new Promise((resolve) => {
        const look = () => requests.some((line) => pattern.test(line)) && resolve();
        waiting.push(look);
        look();
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a status and, for errors, a body in the registry's form. */
export function reply(
  response: ServerResponse,
  status: number,
  error?: { readonly code: string; readonly message: string },
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Docker-Distribution-Api-Version': 'registry/2.0' });
  response.end(error === undefined ? '{}' : JSON.stringify({ errors: [error] }));
}
