import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a store got it. */
export interface StoreCall {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server on loopback that speaks HashiCorp Vault's and Azure's protocols, as their documentation shows them. */
export interface SecretStores {
  readonly url: string;
  readonly calls: StoreCall[];
  /** Ends of paths that are not answered; and how often the next requests are answered with 503. */
  readonly silent: Set<string>;
  busy: number;
  /** The AppRole token that is valid now. */
  roleToken: string;
  close(): Promise<void>;
}

type Answer = readonly [status: number, body: unknown];

const KV1: Readonly<Record<string, object>> = { 'old/team/db': { value: 'kv one' } };
const KV2: Readonly<Record<string, object>> = {
  'team/kv/app/db': { password: 'kv two', port: 5432, nested: { a: 1 } },
  'team/kv/app/token': { value: 'kv token' },
};
const AZURE: Readonly<Record<string, string>> = { '/secrets/pw': 'azure newest', '/secrets/pw/0a1b': 'azure older' };

/** Starts the server; whoever starts it closes it. */
export async function startSecretStores(): Promise<SecretStores> {
  const state = { calls: [] as StoreCall[], silent: new Set<string>(), busy: 0, roleToken: 'role-token-1' };
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    state.calls.push(call);
    if ([...state.silent].some((end) => call.path.endsWith(end))) return;
    const [status, body] = state.busy-- > 0 ? [503, {}] : answer(call, state.roleToken);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function answer(call: StoreCall, roleToken: string): Answer {
  const { pathname, searchParams } = new URL(call.path, 'http://h');
  if (pathname.startsWith('/v1/')) return hashicorp(call, pathname.slice(4), roleToken);
  if (pathname === '/tenant-1/oauth2/v2.0/token') return clientToken(call);
  if (pathname === '/metadata/identity/oauth2/token') return managedToken(call, searchParams);
  if (call.headers.authorization === undefined) return [401, { error: { code: 'Unauthorized' } }];
  if (call.headers.authorization !== 'Bearer token of https://vault.azure.net')
    return [403, { error: { code: 'Forbidden', message: `no: ${call.headers.authorization}` } }];
  if (searchParams.get('api-version') === null) return [400, { error: { code: 'BadParameter' } }];
  const value = AZURE[pathname];
  return value === undefined
    ? [404, { error: { code: 'SecretNotFound', message: 'A secret with this name was not found' } }]
    : [200, { value, id: `https://v.vault.azure.net${pathname}`, attributes: { enabled: true } }];
}

function clientToken({ body }: StoreCall): Answer {
  const form = new URLSearchParams(body);
  if (form.get('client_id') !== 'client-1' || form.get('client_secret') !== 'client secret')
    return [401, { error: 'invalid_client', error_description: `AADSTS7000215: ${form.get('client_secret')}` }];
  const resource = (form.get('scope') ?? '').replace(/\/\.default$/, '');
  return [200, { token_type: 'Bearer', expires_in: 3599, access_token: `token of ${resource}` }];
}

function managedToken({ headers }: StoreCall, query: URLSearchParams): Answer {
  if (headers.metadata !== 'true') return [400, { error: 'invalid_request' }];
  if (query.get('client_id') === 'nobody') return [400, { error: 'invalid_request', error_description: 'not found' }];
  return [200, { access_token: `token of ${query.get('resource')}`, expires_in: '86399', token_type: 'Bearer' }];
}

function hashicorp({ headers, body }: StoreCall, path: string, roleToken: string): Answer {
  if (path === 'auth/approle/login') {
    const given: unknown = JSON.parse(body);
    return JSON.stringify(given) === '{"role_id":"role-1","secret_id":"role secret"}'
      ? [200, { auth: { client_token: roleToken, lease_duration: 3600, renewable: true } }]
      : [400, { errors: ['invalid role or secret ID'] }];
  }
  if (!['root token', roleToken].includes(String(headers['x-vault-token'])))
    return [403, { errors: ['permission denied'] }];
  const mounts = /^sys\/internal\/ui\/mounts\/(.*)$/.exec(path)?.[1];
  if (mounts?.startsWith('team/kv/'))
    return [200, { data: { path: 'team/kv/', type: 'kv', options: { version: '2' } } }];
  if (mounts?.startsWith('old/')) return [200, { data: { path: 'old/', type: 'kv', options: { version: '1' } } }];
  if (mounts !== undefined) return [403, { errors: ['preflight capability check returned 403'] }];
  const second = KV2[path.replace('team/kv/data/', 'team/kv/')];
  if (path.startsWith('team/kv/data/') && second !== undefined)
    return [200, { data: { data: second, metadata: { version: 3, deletion_time: '' } } }];
  const first = KV1[path];
  return first === undefined ? [404, { errors: [] }] : [200, { lease_duration: 2764800, data: first }];
}
