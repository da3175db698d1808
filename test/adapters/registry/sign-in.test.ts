import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import { RegistryError } from '../../../src/ports/registry-client.ts';
import { reply, type ScriptedRegistry, startScriptedRegistry } from '../../workers/engine/scripted-registry.ts';

const never = new AbortController().signal;
const credential = { username: 'me', password: 'secret' };
const BASIC = `Basic ${Buffer.from('me:secret').toString('base64')}`;

async function withRegistry(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  body: (registry: ScriptedRegistry) => Promise<void>,
): Promise<void> {
  const registry = await startScriptedRegistry(answer);
  try {
    await body(registry);
  } finally {
    await registry.close();
  }
}

function manifest(response: ServerResponse): void {
  response.setHeader('Docker-Content-Digest', `sha256:${'a'.repeat(64)}`);
  response
    .writeHead(200, { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json', 'Content-Length': '7' })
    .end();
}

function challenge(response: ServerResponse, header: string): void {
  response.setHeader('WWW-Authenticate', header);
  reply(response, 401, { code: 'UNAUTHORIZED', message: 'who are you' });
}

test('a password goes to a registry that asks for it, and is kept for the next request', () =>
  withRegistry(
    (request, response) => {
      if (request.headers.authorization === BASIC) manifest(response);
      else challenge(response, 'Basic realm="x"');
    },
    async ({ host, requests }) => {
      const repository = createRegistryClient().repository({ registry: host, path: 'a', credential, plainHttp: true });
      for (let times = 0; times < 2; times += 1) assert.equal((await repository.findManifest('v1', never))?.size, 7);
      assert.deepEqual(
        requests.filter((line) => line.startsWith('HEAD')),
        Array.from({ length: 3 }, () => 'HEAD /v2/a/manifests/v1'),
      );
    },
  ));

test('a token is fetched with the password for what the registry names', () =>
  withRegistry(
    (request, response) => {
      const { url = '', headers } = request;
      const { host } = headers;
      if (url.startsWith('/token')) {
        assert.equal(headers.authorization, BASIC);
        const { searchParams } = new URL(url, 'http://x');
        assert.deepEqual(
          [...searchParams],
          [
            ['service', 'r.test'],
            ['scope', 'repository:a:pull'],
          ],
        );
        response.end(JSON.stringify({ access_token: 'tok' }));
      } else if (headers.authorization === 'Bearer tok') manifest(response);
      else challenge(response, `Bearer realm="http://${host}/token",service="r.test",scope="repository:a:pull"`);
    },
    async ({ host }) => {
      const place = { registry: host, path: 'a', credential, plainHttp: true };
      assert.ok(await createRegistryClient().repository(place).findManifest('v1', never));
    },
  ));

test('a refusal is told with its status and the words of the registry', () =>
  withRegistry(
    (_request, response) => challenge(response, 'Basic realm="x"'),
    async ({ host }) => {
      const repository = createRegistryClient().repository({ registry: host, path: 'a', plainHttp: true });
      await assert.rejects(repository.readManifest('v1', never), (error) => {
        assert.ok(error instanceof RegistryError);
        assert.equal(error.status, 401);
        assert.match(error.message, /refused to give v1 \(401: who are you\)/);
        return true;
      });
    },
  ));

test('no password follows a redirect to another host', () =>
  withRegistry(
    (_request, response) => challenge(response, 'Basic realm="thief"'),
    async (thief) =>
      withRegistry(
        (request, response) => {
          if (request.headers.authorization === undefined) challenge(response, 'Basic realm="x"');
          else response.writeHead(307, { Location: `http://${thief.host}/blob` }).end();
        },
        async ({ host }) => {
          const place = { registry: host, path: 'a', credential, plainHttp: true };
          const repository = createRegistryClient().repository(place);
          await assert.rejects(repository.readBlob(`sha256:${'a'.repeat(64)}`, never), /401/);
          assert.deepEqual(thief.requests, ['GET /blob']);
          assert.deepEqual([...thief.authorizations], []);
        },
      ),
  ));

test('a registry without HTTPS is not spoken to unless it may', () =>
  withRegistry(
    (_request, response) => manifest(response),
    async ({ host, requests }) => {
      const repository = createRegistryClient().repository({ registry: host, path: 'a', plainHttp: false });
      await assert.rejects(repository.findManifest('v1', never), RegistryError);
      assert.deepEqual(requests, []);
    },
  ));

test('content that is not what its digest says is an error', () =>
  withRegistry(
    (_request, response) => response.end('something else'),
    async ({ host }) => {
      const repository = createRegistryClient().repository({ registry: host, path: 'a', plainHttp: true });
      const digest = `sha256:${'a'.repeat(64)}`;
      await assert.rejects(repository.readManifest(digest, never), /something else/);
      const stream = await repository.readBlob(digest, never);
      assert.ok(stream);
      await assert.rejects(stream.toArray(), /something else/);
    },
  ));
