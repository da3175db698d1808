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
  assert.match(await refusal(pull(t, `${host}/x:v1`, remoteDeps({}, { registries }))), /is something else/);
});
