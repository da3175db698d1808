import assert from 'node:assert/strict';
import { connect, constants } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { framed } from '../../../../workers/engine/proto/frames.ts';
import { codec } from '../../../../workers/engine/proto/messages.ts';
import { diffCopyService, type SyncFolders } from '../../../../workers/engine/session-services/diff-copy.ts';
import { serveGrpc } from '../../../../workers/engine/session-services/grpc-server.ts';
import { fileOf, listOf } from './fake-receiver.ts';

type Message = Record<string, unknown>;
type Call = grpc.ClientDuplexStream<Message, Message>;

const METHOD = '/moby.filesync.v1.FileSync/DiffCopy';
const packets = codec('Packet');
const REQUEST = 1;
const DATA = 2;
const FINISHED = 3;
const ERROR = 4;

/** The folders of a build, served on a port; `cut` breaks all connections off. */
async function listen(t: TestContext, folders: SyncFolders): Promise<{ readonly port: number; cut(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    const { close } = serveGrpc(socket, diffCopyService(folders));
    t.after(close);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { port: address.port, cut: () => sockets.forEach((socket) => void socket.destroy()) };
}

/** The folders of a build, asked for by the client of the usual library, as BuildKit has one. */
async function serve(t: TestContext, folders: SyncFolders) {
  const { port, cut } = await listen(t, folders);
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  t.after(() => client.close());
  const open = (headers: Readonly<Record<string, string>>): Call => {
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    return client.makeBidiStreamRequest<Message, Message>(METHOD, packets.encode, packets.decode, metadata);
  };
  return { open, cut };
}

test('a folder is given by its name, with the paths that the build follows', async (t) => {
  const asked: (string | undefined)[] = [];
  const folders: SyncFolders = new Map([
    [
      'context',
      (followed) => {
        asked.push(followed);
        return listOf(fileOf('f', 'the ', 'file'));
      },
    ],
  ]);
  const { open } = await serve(t, folders);
  for (const headers of [{ followpaths: 'a' }, { followpaths: 'a%2F', 'followpaths-encoded': '1' }, {}]) {
    const call = open({ 'dir-name': 'context', ...headers });
    call.write({ type: REQUEST, ID: 0 });
    let text = '';
    for await (const { type, data } of call as AsyncIterable<Message>) {
      if (type === DATA && data instanceof Uint8Array) text += Buffer.from(data).toString();
      if (type === DATA && data === undefined) call.write({ type: FINISHED });
      if (type === FINISHED) call.end();
    }
    assert.equal(text, 'the file');
  }
  assert.deepEqual(asked, ['a', undefined, undefined]);
});

/** Reads a call to its end; answers its last packet and the error that it ended with. */
async function endOf(call: Call): Promise<{ readonly last: Message | undefined; readonly error: grpc.ServiceError }> {
  let last: Message | undefined;
  call.on('data', (message: Message) => {
    last = message;
  });
  const error = await new Promise<grpc.ServiceError>((resolve) => call.once('error', resolve));
  return { last, error };
}

test('no other folder is there', async (t) => {
  const { open } = await serve(t, new Map());
  const { error } = await endOf(open({ 'dir-name': '/etc' }));
  assert.equal(error.code, grpc.status.NOT_FOUND);
  assert.equal(error.details, 'The build has no folder "/etc".');
});

test('a file that cannot be read ends the transfer with a packet that says so and with the call', async (t) => {
  const entry = {
    header: { name: 'f', size: 1 },
    // biome-ignore lint/correctness/useYield: it fails before it has anything.
    async *open() {
      throw new Error('größe: the disk is broken');
    },
  };
  const { open } = await serve(t, new Map([['context', () => listOf(entry)]]));
  const call = open({ 'dir-name': 'context' });
  call.write({ type: REQUEST, ID: 0 });
  const { last, error } = await endOf(call);
  assert.equal(last?.type, ERROR);
  assert.equal(error.details, 'größe: the disk is broken');
});

/** A file without end; `read` counts its bytes, `closed` resolves when nobody reads it any more. */
function endless() {
  const state = { read: 0 };
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  async function* open() {
    try {
      for (;;) {
        state.read += 64 * 1024;
        yield Buffer.alloc(64 * 1024);
      }
    } finally {
      close();
    }
  }
  return { state, closed, entry: { header: { name: 'endless' }, open } };
}

// The usual library reads ahead for whoever has not asked yet.
test('a client that does not read is sent little more than its window', { timeout: 20_000 }, async (t) => {
  const { state, closed, entry } = endless();
  const { port } = await listen(t, new Map([['context', () => listOf(entry)]]));
  const session = connect(`http://127.0.0.1:${port}`);
  t.after(() => session.destroy());
  const call = session.request({ ':method': 'POST', ':path': METHOD, 'dir-name': 'context' });
  call.on('error', () => {});
  call.write(Buffer.concat(framed(packets.encode({ type: REQUEST, ID: 0 }))));
  let before = -1;
  while (state.read === 0 || state.read > before) {
    before = state.read;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(state.read <= 4 * 64 * 1024, `${state.read} bytes were read for nobody`);
  call.close(constants.NGHTTP2_CANCEL);
  await closed;
});

for (const { name, leave } of [
  { name: 'cancels', leave: (call: Call, _: () => void) => call.cancel() },
  { name: 'is cut off', leave: (_: Call, cut: () => void) => cut() },
]) {
  test(`a client that ${name} ends the reading`, { timeout: 20_000 }, async (t) => {
    const { closed, entry } = endless();
    const { open, cut } = await serve(t, new Map([['context', () => listOf(entry)]]));
    const call = open({ 'dir-name': 'context' });
    call.on('error', () => {});
    call.write({ type: REQUEST, ID: 0 });
    await new Promise<void>((resolve) => call.on('data', ({ type }) => type === DATA && resolve()));
    leave(call, cut);
    await closed;
  });
}
