import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { type RegistryClient, RegistryError, type RegistryRepository } from '../../src/ports/registry-client.ts';

/** What the suite needs: a client, a registry by plain HTTP that takes what anybody writes, and one that is not there. */
export interface RegistryClientRig {
  readonly client: RegistryClient;
  readonly registry: string;
  readonly unreachable: string;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const STATEMENT = 'application/vnd.in-toto+json';
const NOWHERE = `sha256:${'0'.repeat(64)}`;
const never = new AbortController().signal;

/** What every RegistryClient promises (src/ports/registry-client.ts). */
export function registryClientContract(name: string, create: () => Promise<RegistryClientRig>): void {
  const newPath = () => `contract/${randomUUID()}`;
  function check(what: string, body: (repository: RegistryRepository, rig: RegistryClientRig) => Promise<void>): void {
    test(`${name}: ${what}`, async () => {
      const rig = await create();
      await body(rig.client.repository({ registry: rig.registry, path: newPath(), plainHttp: true }), rig);
    });
  }

  check('a blob that was written is there, byte for byte', async (repository) => {
    const content = randomBytes(100_000);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    assert.equal(await repository.hasBlob(digest, never), false);
    for (let times = 0; times < 2; times += 1) {
      assert.deepEqual(await repository.writeBlob(content, never), { digest, size: content.length });
    }
    assert.equal(await repository.hasBlob(digest, never), true);
    const stream = await repository.readBlob(digest, never);
    assert.ok(stream && content.equals(await buffer(stream)));
  });

  check('a manifest is found by its tag and by its digest, as it was written', async (repository) => {
    const bytes = await imageManifest(repository, 'a');
    const written = await repository.writeManifest({ mediaType: MANIFEST, bytes }, 'v1', never);
    assert.equal(written.size, bytes.length);
    for (const reference of ['v1', written.digest]) {
      assert.deepEqual(await repository.findManifest(reference, never), written);
      const read = await repository.readManifest(reference, never);
      assert.deepEqual(read, { ...written, bytes });
    }
  });

  check('an index is one as well, and a tag moves', async (repository) => {
    const bytes = await imageManifest(repository, 'a');
    const image = await repository.writeManifest({ mediaType: MANIFEST, bytes }, 'v1', never);
    const list = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [image] }));
    const index = await repository.writeManifest({ mediaType: INDEX, bytes: list }, 'v1', never);
    assert.deepEqual(await repository.findManifest('v1', never), index);
    assert.equal(index.mediaType, INDEX);
    assert.deepEqual(await repository.findManifest(image.digest, never), image);
  });

  check('what is not there is an answer', async (repository) => {
    for (const reference of ['none', NOWHERE]) {
      assert.equal(await repository.findManifest(reference, never), undefined);
      assert.equal(await repository.readManifest(reference, never), undefined);
    }
    assert.equal(await repository.readBlob(NOWHERE, never), undefined);
    assert.deepEqual(await repository.findReferrers(NOWHERE, STATEMENT, never), []);
  });

  check('a blob of another repository can be mounted', async (repository, { client, registry }) => {
    const path = newPath();
    const other = client.repository({ registry, path, plainHttp: true });
    const { digest } = await other.writeBlob(Buffer.from('shared'), never);
    assert.equal(await repository.mountBlob(digest, path, never), true);
    assert.equal(await repository.hasBlob(digest, never), true);
    assert.equal(await repository.mountBlob(NOWHERE, path, never), false);
  });

  check('what is attached to a manifest is found by its type', async (repository) => {
    const bytes = await imageManifest(repository, 'a');
    const image = await repository.writeManifest({ mediaType: MANIFEST, bytes }, 'v1', never);
    const attached: string[] = [];
    for (const text of ['one', 'two']) {
      const referrer = { artifactType: STATEMENT, content: Buffer.from(text), annotations: { text } };
      attached.push((await repository.attach(image, referrer, never)).digest);
    }
    assert.equal(typeof (await repository.keepsReferrers(image.digest, never)), 'boolean');
    const found = await repository.findReferrers(image.digest, STATEMENT, never);
    assert.deepEqual(
      found.map(({ digest }) => digest),
      attached,
    );
    assert.deepEqual(await repository.findReferrers(image.digest, 'application/other', never), []);
    const [first] = found;
    assert.ok(first);
    const manifest = await repository.readManifest(first.digest, never);
    const { subject, artifactType, layers, annotations } = JSON.parse(manifest?.bytes.toString() ?? '');
    assert.deepEqual({ subject, artifactType }, { subject: image, artifactType: STATEMENT });
    assert.equal(annotations.text, 'one');
    const content = await repository.readBlob(layers[0].digest, never);
    assert.equal(content && (await buffer(content)).toString(), 'one');
    assert.deepEqual(await repository.findManifest('v1', never), image, 'the image stays as it was');
  });

  check('a registry that is not there is an error that names it', async (_repository, { client, unreachable }) => {
    const repository = client.repository({ registry: unreachable, path: 'a', plainHttp: true });
    const isError = (error: unknown) =>
      error instanceof RegistryError && error.status === undefined && error.message.includes(unreachable);
    await assert.rejects(repository.findManifest('v1', never), isError);
    await assert.rejects(repository.writeBlob(Buffer.from('x'), never), isError);
  });

  check('an aborted request rejects with the reason', async (repository) => {
    const aborted = AbortSignal.abort(new Error('no longer wanted'));
    await assert.rejects(repository.findManifest('v1', aborted), /no longer wanted/);
    await assert.rejects(repository.writeBlob(Buffer.from('x'), aborted), /no longer wanted/);
    assert.equal(await repository.findManifest('v1', never), undefined);
  });
}

/** A manifest whose blobs are there. */
async function imageManifest(repository: RegistryRepository, text: string): Promise<Buffer> {
  const config = await repository.writeBlob(Buffer.from(JSON.stringify({ text })), never);
  const layer = await repository.writeBlob(Buffer.from(`layer ${text}`), never);
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer }],
    }),
  );
}
