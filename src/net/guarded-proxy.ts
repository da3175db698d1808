import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AddressCheck, checkLiteral, Forbidden, guardedLookup, type Resolve, resolveByName } from './guard.ts';

/** An HTTP proxy on this machine for a program that asks wherever its servers tell it to. */
export interface GuardedProxy {
  /** With a name and password that nobody else knows: it must not stand in an argument. */
  readonly url: string;
  /** What was refused so far, as sentences without a full stop. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy that leads only to addresses that may be contacted; it answers 403 for all others, 502 when one fails. */
export async function startGuardedProxy(check: AddressCheck, resolve: Resolve = resolveByName): Promise<GuardedProxy> {
  const password = randomBytes(16).toString('hex');
  const expected = `Basic ${Buffer.from(`slipway:${password}`).toString('base64')}`;
  const refused: string[] = [];
  const guard: Guard = {
    lookup: guardedLookup(check, resolve),
    enter: (host) => checkLiteral(host, check),
    statusOf(error, host) {
      if (!(error instanceof Forbidden)) return 502;
      refused.push(`${host} ${error.message}`);
      return 403;
    },
  };
  const tunnels = new Set<Duplex>();
  const server = createServer((request, response) => {
    if (request.headers['proxy-authorization'] !== expected) response.writeHead(407).end();
    else forward(request, response, guard);
  });
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    if (request.headers['proxy-authorization'] !== expected) client.end('HTTP/1.1 407 Who is it\r\n\r\n');
    else for (const end of tunnel(request, client, guard)) remember(tunnels, end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://slipway:${password}@127.0.0.1:${port}`,
    refused,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const end of tunnels) end.destroy();
      await closed;
    },
  };
}

interface Guard {
  readonly lookup: ReturnType<typeof guardedLookup>;
  /** Throws when a host is an address that must not be contacted. */
  enter(host: string): void;
  statusOf(error: unknown, host: string): 403 | 502;
}

/** Headers that are for the proxy alone. */
const OWN_HEADERS = ['proxy-authorization', 'proxy-connection', 'connection'];

function forward(request: IncomingMessage, response: ServerResponse, { lookup, enter, statusOf }: Guard): void {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined;
  if (url?.protocol !== 'http:') return void response.writeHead(400).end();
  const fail = (error: unknown) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(statusOf(error, url.hostname)).end();
  };
  try {
    enter(bare(url.hostname));
    const kept = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.includes(name));
    const options = { method: request.method, headers: Object.fromEntries(kept), agent: false as const, lookup };
    const sent = sendRequest(url, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', fail).pipe(response);
    });
    sent.on('error', fail);
    response.on('close', () => sent.destroy());
    request.pipe(sent);
  } catch (error) {
    fail(error);
  }
}

/** Answers the two ends. */
function tunnel(request: IncomingMessage, client: Duplex, { lookup, enter, statusOf }: Guard): readonly Duplex[] {
  let far: Socket | undefined;
  const { hostname, port } = URL.canParse(`http://${request.url}`)
    ? new URL(`http://${request.url}`)
    : { hostname: '', port: '' };
  const fail = (error: unknown) => {
    client.end(`HTTP/1.1 ${statusOf(error, hostname)} Not forwarded\r\n\r\n`);
    far?.destroy();
  };
  client.on('error', () => far?.destroy());
  client.on('close', () => far?.destroy());
  try {
    enter(bare(hostname));
    far = connect({ host: bare(hostname), port: Number(port || 80), lookup });
    far.on('error', fail);
    far.once('connect', () => {
      far?.off('error', fail).on('error', () => client.destroy());
      client.write('HTTP/1.1 200 Connected\r\n\r\n');
      far?.pipe(client);
      client.pipe(far ?? client);
    });
    return [client, far];
  } catch (error) {
    fail(error);
    return [client];
  }
}

/** Brackets belong to the URL, not to the address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function remember(open: Set<Duplex>, end: Duplex): void {
  open.add(end);
  end.once('close', () => open.delete(end));
}
