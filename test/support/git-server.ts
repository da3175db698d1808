/** A git server over smart HTTP in front of `git http-backend`, on a loopback port, with Basic tokens if wanted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A running server: its base URL, and the `Authorization` header of every request so far. */
export interface GitServer {
  readonly url: string;
  readonly seen: (string | undefined)[];
  /** Answers instead of git when it says true: redirects, servers that hang. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Serves the repositories below `root`; `token` is the password that is asked for. It ends with the test. */
export async function startGitServer(t: TestContext, root: string, token?: string): Promise<GitServer> {
  const seen: (string | undefined)[] = [];
  const http = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (server.intercept(request, response)) return;
    const given = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    if (token !== undefined && given.split(':')[1] !== token) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    callGit(root, request, response);
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  // A server that listens on a port has such an address.
  const { port } = http.address() as AddressInfo;
  const server: GitServer = { url: `http://127.0.0.1:${port}`, seen, intercept: () => false };
  return server;
}

function callGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string) => String(request.headers[name] ?? '');
  const env = {
    PATH: process.env.PATH,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_ADDR: '127.0.0.1',
    ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
  };
  const git = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(git.stdin).on('error', () => undefined);
  const chunks: Buffer[] = [];
  git.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  git.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const heads = output
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': ', 2) as [string, string]);
    const status = Number.parseInt(heads.find(([name]) => name === 'Status')?.[1] ?? '200', 10);
    response.writeHead(status, Object.fromEntries(heads.filter(([name]) => name !== 'Status')));
    response.end(output.subarray(end + 4));
  });
}
