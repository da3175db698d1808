import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';

/** A request that the engine has got, with the whole of its body. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly body: string;
}

/** What the engine does with a request; a script that does nothing leaves the caller waiting for ever. */
export type EngineScript = (request: SeenRequest, response: ServerResponse) => void;

/** An engine that only does what its script says. */
export interface ScriptedEngine {
  readonly dockerHost: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves when a request whose "METHOD url" fits has come. */
  requested(pattern: RegExp): Promise<SeenRequest>;
  close(): Promise<void>;
}

/**
 * Starts one on a socket of its own. With `opensSessions` it opens every session it is asked for, and then says nothing
 * on it; otherwise such a request is one for the script.
 */
export async function startScriptedEngine(script: EngineScript, opensSessions = false): Promise<ScriptedEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-engine-'));
  const socketPath = path.join(folder, 'docker.sock');
  const seen: SeenRequest[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((message, response) => {
    void readBody(message).then((body) => {
      const request = { method: message.method ?? '', url: message.url ?? '', body };
      seen.push(request);
      for (const look of waiting) look();
      script(request, response);
    });
  });
  const sessions = new Set<Duplex>();
  if (opensSessions) {
    server.on('upgrade', (_message, socket) => {
      sessions.add(socket);
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    });
  }
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    dockerHost: `unix://${socketPath}`,
    seen,
    requested: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = seen.find(({ method, url }) => pattern.test(`${method} ${url}`));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async close() {
      for (const socket of sessions) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Answers with a JSON value, as the engine does. */
export function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk);
  } catch {
    // The caller has broken off.
  }
  return Buffer.concat(chunks).toString('utf8');
}
