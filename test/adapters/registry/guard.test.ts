import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import type { Resolve } from '../../../src/net/guard.ts';
import { RegistryError } from '../../../src/ports/registry-client.ts';
import { reply, startScriptedRegistry } from '../../workers/engine/scripted-registry.ts';

const never = new AbortController().signal;
const credential = { username: 'me', password: 'secret' };
const DIGEST = `sha256:${'a'.repeat(64)}`;
const METADATA = '169.254.169.254';
/** Names of tests are on this machine, or where clouds keep their metadata. */
const resolve: Resolve = (host, _options, done) =>
  done(null, [{ address: host === 'metadata.test' ? METADATA : '127.0.0.1', family: 4 }]);
const check = (address: string) => (address === METADATA ? 'where secrets are' : undefined);

async function registryOf(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const registry = await startScriptedRegistry(answer);
  t.after(() => registry.close());
  const port = registry.host.split(':')[1];
  const client = createRegistryClient({ check, resolve });
  const at = (host: string) => client.repository({ registry: host, path: 'a', credential, plainHttp: true });
  return { ...registry, at, port, repository: at(registry.host) };
}

function refusedAs(because: RegExp) {
  return (error: unknown) => error instanceof RegistryError && because.test(error.message);
}

for (const host of [METADATA, `${METADATA}:5000`, 'metadata.test']) {
  test(`a registry at ${host} is not asked`, async (t) => {
    const { at } = await registryOf(t, (_request, response) => reply(response, 200));
    const because = new RegExp(`^${host.replace(/\./g, '\\.')} .*where secrets are, and workers do not contact`);
    await assert.rejects(at(host).findManifest('v1', never), refusedAs(because));
  });
}

for (const place of [`http://${METADATA}/latest/meta-data`, 'http://metadata.test/computeMetadata/v1']) {
  test(`a redirect to ${place} is not followed`, async (t) => {
    const { repository } = await registryOf(t, (_request, response) =>
      response.writeHead(307, { Location: place }).end(),
    );
    await assert.rejects(repository.readBlob(DIGEST, never), refusedAs(/where secrets are/));
    await assert.rejects(repository.findManifest('v1', never), refusedAs(/where secrets are/));
  });
}

test('a token service and the place of an upload may not be there either', async (t) => {
  const service = await registryOf(t, (_request, response) => {
    response.setHeader('WWW-Authenticate', 'Bearer realm="http://metadata.test/token"');
    reply(response, 401);
  });
  await assert.rejects(service.repository.readManifest('v1', never), refusedAs(/metadata\.test .*where secrets are/));
  const upload = await registryOf(t, (request, response) => {
    if (request.method === 'POST') response.writeHead(202, { Location: 'http://metadata.test/upload' }).end();
    else reply(response, 404);
  });
  await assert.rejects(
    upload.repository.writeBlob(Buffer.from('x'), never),
    refusedAs(/metadata\.test .*where secrets are/),
  );
});

test('a registry is found by its name, and a blob where it redirects to', async (t) => {
  const store = await registryOf(t, (_request, response) => response.end('something'));
  const { at, port } = await registryOf(t, (_request, response) =>
    response.writeHead(307, { Location: `http://blobs.test:${store.port}/x` }).end(),
  );
  const digest = 'sha256:3fc9b689459d738f8c88a3a48aa9e33542016b7a4052e001aaa536fca74813cb';
  const blob = await at(`registry.test:${port}`).readBlob(digest, never);
  assert.equal(Buffer.concat((await blob?.toArray()) ?? []).toString(), 'something');
  assert.deepEqual(store.requests, ['GET /x']);
});

test('an upload elsewhere does not get the password of the registry', async (t) => {
  const thief = await registryOf(t, (_request, response) => {
    response.setHeader('WWW-Authenticate', 'Basic realm="thief"');
    reply(response, 401);
  });
  const { repository } = await registryOf(t, (request, response) => {
    if (request.method === 'POST') response.writeHead(202, { Location: `http://${thief.host}/upload` }).end();
    else reply(response, 404);
  });
  await assert.rejects(repository.writeBlob(Buffer.from('x'), never), refusedAs(/401/));
  assert.deepEqual([...thief.authorizations], []);
  assert.equal(thief.requests.length, 1);
});
