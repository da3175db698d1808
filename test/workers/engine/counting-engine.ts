import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A real engine behind a counter. */
export interface CountingEngine {
  readonly dockerHost: string;
  /** "METHOD /path" of each request so far, without the query and with ids as `*`. */
  readonly requests: readonly string[];
  /** Cuts the answers that have not ended, to requests like this. */
  breakOff(request: string): void;
  close(): Promise<void>;
}

/** Counts the requests to the engine behind a socket, upgraded ones too. */
export async function startCountingEngine(dockerHost: string): Promise<CountingEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-engine-'));
  const [own, real] = [path.join(folder, 'docker.sock'), dockerHost.replace(/^unix:\/\//, '')];
  const requests: string[] = [];
  const open = new Map<ServerResponse, string>();
  const forward = (message: IncomingMessage) => {
    requests.push(`${message.method} ${plainPath(message.url ?? '')}`);
    const { method, url, headers } = message;
    return request({ socketPath: real, method, path: url, headers, agent: false });
  };
  const server = createServer((message, response) => {
    const forwarded = forward(message);
    open.set(response, `${message.method} ${plainPath(message.url ?? '')}`);
    response.once('close', () => {
      open.delete(response);
      forwarded.destroy();
    });
    forwarded.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    message.pipe(forwarded);
  });
  server.on('upgrade', (message, socket) => {
    const forwarded = forward(message);
    forwarded.on('upgrade', (answer, upstream, head) => {
      const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 UPGRADED\r\n${headers.join('')}\r\n`);
      socket.write(head);
      upstream.pipe(socket).pipe(upstream);
      for (const end of [upstream, socket]) end.on('error', () => {});
    });
    forwarded.end();
  });
  await new Promise<void>((resolve) => server.listen(own, resolve));
  return {
    dockerHost: `unix://${own}`,
    requests,
    breakOff(request) {
      for (const [response, what] of open) if (what === request) response.destroy();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function plainPath(url: string): string {
  return url.replace(/\?.*$/, '').replace(/\/(?:[0-9a-f]{64}|slipway-[\w-]+)(?=\/|$)/g, '/*');
}
