import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fetchRemote } from '../../../workers/source/fetch-remote.ts';
import { UnusableSource } from '../../../workers/source/unusable-source.ts';
import { type Handler, startFileServer } from '../../support/file-server.ts';
import { temporaryFolder } from '../../support/git-repository.ts';
import { realParts } from '../../support/real-parts.ts';
import { remoteDeps } from '../../support/remote-deps.ts';
import { tarOf } from '../../support/tar.ts';

const never = new AbortController().signal;
const TITLE = 'org.opencontainers.image.title';

const digestOf = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

interface Layer {
  readonly content: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}

function manifestOf(layers: readonly Layer[], config: Buffer): Buffer {
  const described = layers.map(({ content, annotations = {} }) => ({
    mediaType: 'application/octet-stream',
    digest: digestOf(content),
    size: content.length,
    annotations,
  }));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const about = { mediaType: 'application/vnd.example.config', digest: digestOf(config), size: config.length };
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: about, layers: described }));
}

async function push(registry: string, name: string, layers: readonly Layer[]): Promise<void> {
  const base = `http://${registry}/v2/${name}`;
  const config = Buffer.from('{}');
  for (const content of [config, ...layers.map((layer) => layer.content)]) {
    const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(begun.headers.get('location') ?? '', base);
    place.searchParams.set('digest', digestOf(content));
    const put = await fetch(place, { method: 'PUT', body: new Uint8Array(content) });
    assert.equal(put.status, 201);
  }
  const body = new Uint8Array(manifestOf(layers, config));
  const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
  assert.equal((await fetch(`${base}/manifests/v1`, { method: 'PUT', headers, body })).status, 201);
}

async function pull(t: TestContext, reference: string, deps = remoteDeps()) {
  const folder = temporaryFolder(t);
  await fetchRemote({ source: { kind: 'oci', reference }, folder, note: () => undefined }, deps, never);
  return folder;
}

async function refusal(pulling: Promise<unknown>): Promise<string> {
  const error = await pulling.then(
    () => assert.fail('it was fetched'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof UnusableSource && error.hint !== '', String(error));
  return error.message;
}

const tar = gzipSync(await tarOf({ name: 'app/main.txt', content: 'main' }));

test('files and archives of an artifact come from a real registry, by tag and by digest', async (t) => {
  const { registry } = realParts();
  const layers = [
    { content: Buffer.from('FROM scratch'), annotations: { [TITLE]: 'docker/Dockerfile' } },
    { content: tar, annotations: { [TITLE]: 'app', 'io.deis.oras.content.unpack': 'true' } },
    { content: tar, annotations: { [TITLE]: 'kept.tar.gz' } },
  ];
  await push(registry, 'sources/one', layers);
  const digest = digestOf(manifestOf(layers, Buffer.from('{}')));
  for (const end of [':v1', `@${digest}`]) {
    const folder = await pull(t, `${registry}/sources/one${end}`);
    assert.deepEqual((await readdir(folder)).sort(), ['app', 'docker', 'kept.tar.gz']);
    assert.equal(await readFile(path.join(folder, 'docker/Dockerfile'), 'utf8'), 'FROM scratch');
    assert.equal(await readFile(path.join(folder, 'app/main.txt'), 'utf8'), 'main');
  }
  assert.match(await refusal(pull(t, `${registry}/sources/one:absent`)), /no artifact/);
  const limits = { maxBytes: 20, maxEntries: 10 };
  assert.match(await refusal(pull(t, `${registry}/sources/one:v1`, remoteDeps({}, { limits }))), /more than 20 bytes/);
  await push(registry, 'sources/evil', [{ content: tar, annotations: { [TITLE]: '../evil' } }]);
  assert.match(await refusal(pull(t, `${registry}/sources/evil:v1`)), /outside of its folder/);
});

/** A registry that wants a token; its blobs lie on another server. */
async function guardedRegistry(t: TestContext, blob: Buffer) {
  const manifest = manifestOf([{ content: tar }], Buffer.from('{}'));
  const store = await startFileServer(t, { '/blob': blob });
  const withToken =
    (answer: Handler): Handler =>
    (request, response) => {
      if (request.headers.authorization === 'Bearer a-token') {
        if (typeof answer === 'function') answer(request, response);
        else response.end(answer);
        return;
      }
      const challenge = `Bearer realm="http://${request.headers.host}/token",service="s",scope="repository:x:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    };
  const server = await startFileServer(t, {
    '/token': (request, response) => {
      const isKnown = request.headers.authorization === `Basic ${btoa('me:sesame')}`;
      response.writeHead(isKnown ? 200 : 401).end(JSON.stringify({ token: 'a-token' }));
    },
    '/v2/x/manifests/v1': withToken(manifest),
    [`/v2/x/blobs/${digestOf(tar)}`]: withToken((_request, response) => {
      response.writeHead(307, { location: `${store.url}/blob` }).end();
    }),
  });
  return { server, store, host: server.url.replace('http://', '') };
}

test('a credential is exchanged for a token, which the place of the blobs never sees', async (t) => {
  const { store, host } = await guardedRegistry(t, tar);
  const registries = [{ registry: host, username: 'me', password: 'sesame' }];
  const folder = await pull(t, `${host}/x:v1`, remoteDeps({}, { registries }));
  assert.deepEqual(await readdir(folder), ['app']);
  assert.deepEqual(store.seen, [{ path: '/blob', authorization: undefined }]);
  assert.match(await refusal(pull(t, `${host}/x:v1`)), /without a credential/);
  const wrong = [{ registry: host, username: 'me', password: 'wrong' }];
  assert.match(await refusal(pull(t, `${host}/x:v1`, remoteDeps({}, { registries: wrong }))), /refuses the worker/);
});

test('a blob that is not what its digest says is refused', async (t) => {
  const { host } = await guardedRegistry(t, gzipSync(await tarOf({ name: 'app/other.txt', content: 'evil' })));
  const registries = [{ registry: host, username: 'me', password: 'sesame' }];
  assert.match(await refusal(pull(t, `${host}/x:v1`, remoteDeps({}, { registries }))), /sent something else/);
});

const me = (registry: string, password = 'sesame') => ({ registry, username: 'me', password });

test('credentials are found under every spelling of their host, and the last one counts', async (t) => {
  const { host } = await guardedRegistry(t, tar);
  const port = host.split(':')[1];
  for (const registries of [[me(`https://${host}`)], [me(`http://${host}/v2/`)], [me(host, 'old'), me(host)]]) {
    assert.deepEqual(await readdir(await pull(t, `${host}/x:v1`, remoteDeps({}, { registries }))), ['app']);
  }
  const registries = [me(`https://LOCALHOST:${port}/`)];
  assert.deepEqual(await readdir(await pull(t, `localhost:${port}/x:v1`, remoteDeps({}, { registries }))), ['app']);
  const wrong = [me(host), me(`https://${host}`, 'wrong')];
  assert.match(await refusal(pull(t, `${host}/x:v1`, remoteDeps({}, { registries: wrong }))), /refuses the worker/);
});

test('a token of the settings is sent to a registry without TLS only if its key says http', async (t) => {
  const { server, host } = await guardedRegistry(t, tar);
  const login = { username: 'me', token: 'sesame' };
  const folder = await pull(t, `${host}/x:v1`, remoteDeps({ [`http://${host}`]: login }));
  assert.deepEqual(await readdir(folder), ['app']);
  server.seen.length = 0;
  assert.match(await refusal(pull(t, `${host}/x:v1`, remoteDeps({ [host]: login }))), /cannot be reached/);
  assert.deepEqual(server.seen, []);
});

test('a registry that is out of order is asked three times, one that refuses once', async (t) => {
  const { server, host } = await guardedRegistry(t, tar);
  const [manifest, blob] = ['/v2/x/manifests/v1', `/v2/x/blobs/${digestOf(tar)}`];
  const registries = [me(host)];
  const timesAsked = (path: string) => server.seen.filter((one) => one.path === path).length;
  for (const path of [manifest, blob]) {
    const usual = server.handlers.get(path);
    assert.ok(typeof usual === 'function');
    let left = 2;
    server.handlers.set(path, (request, response) => {
      if (left-- > 0) response.writeHead(503).end();
      else usual(request, response);
    });
  }
  assert.deepEqual(await readdir(await pull(t, `${host}/x:v1`, remoteDeps({}, { registries }))), ['app']);
  server.handlers.set(manifest, (_request, response) => response.writeHead(502).end());
  server.seen.length = 0;
  assert.match(await refusal(pull(t, `${host}/x:v1`)), /answers with the status 502/);
  assert.equal(timesAsked(manifest), 3);
  server.handlers.set(manifest, (_request, response) => response.writeHead(403).end());
  server.seen.length = 0;
  assert.match(await refusal(pull(t, `${host}/x:v1`)), /without a credential \(status 403\)/);
  assert.equal(timesAsked(manifest), 1);
});

for (const [size, is] of [
  [tar.length - 1, 'longer'],
  [tar.length + 1, 'shorter'],
] as const) {
  test(`a layer that is ${is} than its manifest says is refused`, async (t) => {
    const { server, host } = await guardedRegistry(t, tar);
    const manifest = JSON.parse(manifestOf([{ content: tar }], Buffer.from('{}')).toString());
    manifest.layers[0].size = size;
    server.handlers.set('/v2/x/manifests/v1', JSON.stringify(manifest));
    const deps = remoteDeps({}, { registries: [me(host)] });
    assert.match(await refusal(pull(t, `${host}/x:v1`, deps)), new RegExp(`is ${is} than its manifest says`));
  });
}

test('a layer that is gone or breaks off is told', async (t) => {
  const { server, host } = await guardedRegistry(t, tar);
  const deps = remoteDeps({}, { registries: [me(host)] });
  const path = `/v2/x/blobs/${digestOf(tar)}`;
  const answers: readonly (readonly [Handler, RegExp])[] = [
    [(_request, response) => response.writeHead(404).end(), /has no more the layer sha256:/],
    [
      (_request, response) => {
        response.writeHead(200, { 'content-length': String(tar.length) });
        response.write(tar.subarray(0, 20), () => response.destroy());
      },
      /broke off its answer/,
    ],
  ];
  for (const [answer, message] of answers) {
    server.handlers.set(path, answer);
    assert.match(await refusal(pull(t, `${host}/x:v1`, deps)), message);
  }
});

test('a registry may not lead to where secrets are', async (t) => {
  const { server, host } = await guardedRegistry(t, tar);
  server.handlers.set('/v2/x/manifests/v1', (_request, response) => {
    response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end();
  });
  assert.match(await refusal(pull(t, `${host}/x:v1`)), /169\.254\.169\.254 is where secrets are/);
  assert.match(await refusal(pull(t, '169.254.169.254/x:v1')), /169\.254\.169\.254 is where secrets are/);
});

test('a token service is not listened to for long', async (t) => {
  const { server, host } = await guardedRegistry(t, tar);
  server.handlers.set('/token', JSON.stringify({ more: ' '.repeat(5 * 1024 * 1024), token: 'a-token' }));
  assert.match(await refusal(pull(t, `${host}/x:v1`)), /more than 4194304 bytes/);
});

test('an artifact that is no longer wanted is not waited for', async (t) => {
  const { server, host } = await guardedRegistry(t, tar);
  const stop = new AbortController();
  server.handlers.set(`/v2/x/blobs/${digestOf(tar)}`, (_request, response) => {
    response.write(tar.subarray(0, 20), () => stop.abort(new Error('no longer wanted')));
  });
  const deps = remoteDeps({}, { registries: [me(host)] });
  const fetch = { source: { kind: 'oci', reference: `${host}/x:v1` }, folder: temporaryFolder(t) } as const;
  await assert.rejects(fetchRemote({ ...fetch, note: () => undefined }, deps, stop.signal), /no longer wanted/);
});
