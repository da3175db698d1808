import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { uploadService } from '../../../../workers/engine/session-services/upload.ts';

type Bytes = { readonly data?: Buffer };

/** A client of the service, as BuildKit is one: asks for a path and answers what it gets. */
async function serve(t: TestContext, openArchive: () => Readable): Promise<(path: string) => Promise<string>> {
  const { definition, handlers } = uploadService('s1', openArchive);
  const server = new grpc.Server();
  server.addService(definition, handlers);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  t.after(() => {
    client.close();
    server.forceShutdown();
  });
  const { path: method, requestSerialize, responseDeserialize } = definition.Pull ?? assert.fail('There is no Pull.');
  return async (path) => {
    const metadata = new grpc.Metadata();
    metadata.set('urlpath', path);
    const call = client.makeBidiStreamRequest<Bytes, Bytes>(method, requestSerialize, responseDeserialize, metadata);
    call.end();
    const parts: Buffer[] = [];
    for await (const { data } of call) parts.push(data ?? Buffer.alloc(0));
    return Buffer.concat(parts).toString();
  };
}

test('the archive is there each time it is asked for', async (t) => {
  let opened = 0;
  const pull = await serve(t, () => {
    opened += 1;
    return Readable.from([Buffer.from('the '), Buffer.from('files')]);
  });
  assert.equal(await pull('/s1'), 'the files');
  assert.equal(await pull('/s1'), 'the files');
  assert.equal(opened, 2);
});

test('a chunk that is larger than a message may be arrives whole', async (t) => {
  const large = 'x'.repeat(5 * 1024 * 1024);
  const pull = await serve(t, () => Readable.from([Buffer.from(large)]));
  assert.equal(await pull('/s1'), large);
});

test('no other address has an archive', async (t) => {
  const pull = await serve(t, () => Readable.from([Buffer.from('x')]));
  await assert.rejects(pull('/s2'), /There is no such archive/);
});

test('an archive that cannot be read ends the answer', async (t) => {
  const pull = await serve(
    t,
    () =>
      new Readable({
        read() {
          this.destroy(new Error('the disk is broken'));
        },
      }),
  );
  await assert.rejects(pull('/s1'));
});
