import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What a scripted server does with its nth request (counted from 0). */
export type Script = (request: IncomingMessage, response: ServerResponse, nth: number) => void | Promise<void>;

/** A server on a free port that does what the test says; answers its address. Closed at the end of the test. */
export async function aServer(t: TestContext, script: Script): Promise<string> {
  let count = 0;
  const server = createServer((request, response) => void script(request, response, count++));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  // Listening on TCP: the address is never a path.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/** Answers JSON. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export const INFO = { version: '1.2.3', registry: 'r:5000', maxSourceBytes: 7 };

/** An error as the server gives it. */
export function anError(code: string) {
  return { code, message: `It is ${code}.`, hint: 'Do something.', details: [], requestId: 'q1' };
}
