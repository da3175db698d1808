import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, json } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { LogChunk, Run, RunStatus } from '../../../task-schemas/index.ts';

/** The token that the fake server takes. */
export const TOKEN = 'good-token';

/** A server that plays one run by a script and notes what it is asked. */
export interface FakeServer {
  readonly url: string;
  /** SLIPWAY_SERVER and SLIPWAY_TOKEN for it. */
  readonly env: Readonly<Record<string, string>>;
  readonly uploads: Buffer[];
  /** Bodies of the requests for runs. */
  readonly scheduled: unknown[];
  /** Method and path of every request. */
  readonly asked: string[];
  /** Ends the run that is being followed. */
  end(status: RunStatus): void;
}

/** How the run goes. `ending` undefined: it goes on until `end` is called or it is canceled. */
export interface Script {
  readonly ending?: RunStatus;
  readonly log?: readonly LogChunk[];
  readonly maxSourceBytes?: number;
  readonly change?: Partial<Run>;
  /** A cancel request does nothing but note itself. */
  readonly deafToCancel?: boolean;
}

/** The record of a run as the fake server tells it. */
export function aRun(change: Partial<Run> = {}): Run {
  return {
    id: 'r1a2b3c4',
    status: 'Queued',
    request: { kind: 'docker-build', source: { kind: 'none' }, images: ['hello'] },
    trigger: { kind: 'manual', by: 'tester' },
    platform: 'linux/amd64',
    pool: 'default',
    timeoutSeconds: 3600,
    losses: 0,
    attempt: 0,
    queuedAt: 1_000_000,
    steps: [],
    outputImages: [],
    logArchived: false,
    ...change,
  };
}

/** Starts a fake server; closed at the end of the test. */
export async function startFakeServer(t: TestContext, script: Script = {}): Promise<FakeServer> {
  const asked: string[] = [];
  const uploads: Buffer[] = [];
  const scheduled: unknown[] = [];
  let run = aRun(script.change);
  const followers = new Set<ServerResponse>();
  const end = (status: RunStatus) => {
    run = { ...run, status, finishedAt: 1_015_000 };
    for (const follower of followers)
      follower.end(`event: run\ndata: ${JSON.stringify(run)}\n\nevent: end\ndata: ${JSON.stringify(run)}\n\n`);
  };
  const follow = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: run\ndata: ${JSON.stringify(run)}\n\n`);
    for (const chunk of script.log ?? [])
      response.write(`event: log\nid: ${chunk.last}\ndata: ${JSON.stringify(chunk)}\n\n`);
    followers.add(response);
    if (script.ending !== undefined) end(script.ending);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    asked.push(`${request.method} ${request.url}`);
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return refuse(response, 401, 'unauthorized', 'The token is wrong.');
    switch (route) {
      case 'GET /v1/info':
        return send(response, {
          version: '9.9',
          registry: 'registry.test',
          maxSourceBytes: script.maxSourceBytes ?? 1e9,
        });
      case 'POST /v1/uploads': {
        uploads.push(await buffer(request));
        return send(response, { uploadId: 'u00000000000000a', bytes: uploads.at(-1)?.length, sha256: 'x' });
      }
      case 'POST /v1/runs':
        scheduled.push(await json(request));
        return send(response, run);
      case 'GET /v1/runs':
        return send(response, { runs: [run] });
      case `GET /v1/runs/${run.id}`:
        return send(response, run);
      case `GET /v1/runs/${run.id}/events`:
        return follow(response);
      case `GET /v1/runs/${run.id}/log`:
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
        return response.end((script.log ?? []).map((chunk) => `${chunk.text}\n`).join(''));
      case `PATCH /v1/runs/${run.id}`:
        run = { ...run, ...((await json(request)) as Partial<Run>) };
        return send(response, run);
      case `POST /v1/runs/${run.id}/cancel`:
        if (script.deafToCancel !== true) end('Canceled');
        return send(response, run);
      default:
        return refuse(response, 404, 'unknown-run', 'There is no such run.');
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { url, env: { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: TOKEN }, uploads, scheduled, asked, end };
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code, message, hint: 'Look again.', details: [], requestId: 'req-1' }));
}
