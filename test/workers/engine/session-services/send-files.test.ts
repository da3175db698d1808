import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Packet } from '../../../../workers/engine/session-services/packets.ts';
import { sendFiles } from '../../../../workers/engine/session-services/send-files.ts';
import type { ListedEntry } from '../../../../workers/engine/source-files.ts';
import { fakeReceiver, fileOf, listOf } from './fake-receiver.ts';

const isListed = ({ kind }: Packet) => kind === 'listed';
const request = (id: number): Packet => ({ kind: 'request', id });
const endOf = (id: number) => (packet: Packet) =>
  packet.kind === 'data' && packet.id === id && packet.data.length === 0;

/** What came of each file, and in how many packets with bytes. */
function contents(got: readonly Packet[]): ReadonlyMap<number, { readonly text: string; readonly packets: number }> {
  const found = new Map<number, { text: string; packets: number }>();
  for (const packet of got) {
    if (packet.kind !== 'data') continue;
    const { text, packets } = found.get(packet.id) ?? { text: '', packets: 0 };
    const more = packet.data.length === 0 ? 0 : 1;
    found.set(packet.id, { text: text + Buffer.from(packet.data).toString('latin1'), packets: packets + more });
  }
  return found;
}

const folder: ListedEntry = { header: { name: 'a/', type: 'directory' }, open: undefined };

test('entries are told in their order, and what is asked for is sent by its place among them', async () => {
  const receiver = fakeReceiver();
  const link: ListedEntry = { header: { name: 'b', type: 'symlink', linkname: 'a' }, open: undefined };
  const entries = listOf(folder, fileOf('a/one', 'o', 'ne'), link, fileOf('c'), fileOf('d', 'never asked for'));
  const sending = sendFiles(entries, receiver.stream);
  await receiver.has(isListed);
  receiver.say(request(3), request(1));
  await Promise.all([receiver.has(endOf(1)), receiver.has(endOf(3))]);
  receiver.say({ kind: 'finished' });
  await sending;
  const names = receiver.got.flatMap((packet) => (packet.kind === 'entry' ? [packet.header.name] : []));
  assert.deepEqual(names, ['a/', 'a/one', 'b', 'c', 'd']);
  assert.deepEqual([...contents(receiver.got)].sort(), [
    [1, { text: 'one', packets: 2 }],
    [3, { text: '', packets: 0 }],
  ]);
  assert.deepEqual(receiver.got.at(-1), { kind: 'finished' });
});

test('files are sent while entries are still being listed', async () => {
  const receiver = fakeReceiver();
  let goOn = () => {};
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* slowly() {
    for (let index = 0; index < 100; index += 1) yield fileOf(`a${index}`, 'x');
    await waiting;
    yield fileOf('b');
  }
  const sending = sendFiles(slowly(), receiver.stream);
  await receiver.has(({ kind }) => kind === 'entry');
  receiver.say(request(0));
  await receiver.has(endOf(0));
  assert.ok(!receiver.got.some(isListed));
  goOn();
  await receiver.has(isListed);
  receiver.say({ kind: 'finished' });
  await sending;
});

test('many files that are all asked for at once arrive whole, and few are open at a time', async () => {
  const receiver = fakeReceiver(() => new Promise((resolve) => setImmediate(resolve)));
  const count = 500;
  let open = 0;
  let mostOpen = 0;
  const files = Array.from({ length: count }, (_, index): ListedEntry => {
    const { header, open: read } = fileOf(`f${String(index).padStart(3, '0')}`, `content ${index}`);
    return {
      header,
      async *open() {
        open += 1;
        mostOpen = Math.max(mostOpen, open);
        yield* read?.() ?? [];
        open -= 1;
      },
    };
  });
  const sending = sendFiles(listOf(...files), receiver.stream);
  await receiver.has(isListed);
  receiver.say(...files.map((_, index) => request(index)));
  await Promise.all(files.map((_, index) => receiver.has(endOf(index))));
  receiver.say({ kind: 'finished' });
  await sending;
  const found = contents(receiver.got);
  for (let id = 0; id < count; id += 1) assert.equal(found.get(id)?.text, `content ${id}`);
  assert.ok(mostOpen > 1 && mostOpen <= 4, `${mostOpen} files were open`);
});

test('a large file is cut into packets, and no more is read than there is room for', async () => {
  let read = 0;
  let room = () => {};
  const receiver = fakeReceiver(() => {
    const waiting = new Promise<void>((resolve) => {
      room = resolve;
    });
    return receiver.got.some(({ kind }) => kind === 'data') ? waiting : Promise.resolve();
  });
  const chunk = Buffer.alloc(600 * 1024, 'x');
  const large: ListedEntry = {
    header: { name: 'large', size: 10 * chunk.length },
    async *open() {
      for (read = 1; read <= 10; read += 1) yield chunk;
    },
  };
  const sending = sendFiles(listOf(large), receiver.stream);
  await receiver.has(isListed);
  receiver.say(request(0));
  await receiver.has(({ kind }) => kind === 'data');
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(read, 1, 'the second chunk waits for room');
  while (!receiver.got.some(endOf(0))) {
    room();
    await new Promise((resolve) => setImmediate(resolve));
  }
  room();
  receiver.say({ kind: 'finished' });
  await new Promise((resolve) => setImmediate(resolve));
  room();
  await sending;
  assert.deepEqual(contents(receiver.got).get(0), { text: 'x'.repeat(10 * chunk.length), packets: 30 });
});

const broken: ListedEntry = {
  header: { name: 'broken', size: 2 },
  async *open() {
    yield Buffer.from('x');
    throw new Error('the disk is broken');
  },
};

for (const { name, entries, say, reason } of [
  { name: 'a file cannot be read', entries: () => listOf(broken), say: [request(0)], reason: /the disk is broken/ },
  {
    name: 'a folder cannot be listed',
    async *entries() {
      yield folder;
      throw new Error('the disk is broken');
    },
    say: [],
    reason: /the disk is broken/,
  },
  {
    name: 'something is asked for that is no file',
    entries: () => listOf(folder),
    say: [request(0)],
    reason: /asked for file 0/,
  },
  {
    name: 'a file is asked for twice',
    entries: () => listOf(fileOf('f', 'x')),
    say: [request(0), request(0)],
    reason: /asked for file 0/,
  },
  {
    name: 'the receiver gives up',
    entries: () => listOf(folder),
    say: [{ kind: 'error', message: 'no space left' } as const],
    reason: /no space left/,
  },
]) {
  test(`sending ends with the reason when ${name}`, async () => {
    const receiver = fakeReceiver();
    const sending = sendFiles(entries(), receiver.stream);
    const told = assert.rejects(sending, reason);
    if (say.length > 0) await receiver.has(isListed);
    receiver.say(...say);
    await told;
  });
}

test('a receiver that goes away ends the reading', async () => {
  let closed = false;
  const endless: ListedEntry = {
    header: { name: 'endless' },
    async *open() {
      try {
        for (;;) yield Buffer.from('x');
      } finally {
        closed = true;
      }
    },
  };
  const receiver = fakeReceiver(() => new Promise((resolve) => setImmediate(resolve)));
  const sending = sendFiles(listOf(endless), receiver.stream);
  const told = assert.rejects(sending, /gone|went away/);
  await receiver.has(isListed);
  receiver.say(request(0));
  await receiver.has(({ kind }) => kind === 'data');
  receiver.goAway();
  await told;
  while (!closed) await new Promise((resolve) => setImmediate(resolve));
});

test('a receiver that has everything and leaves without a word is an error', async () => {
  const receiver = fakeReceiver();
  const sending = sendFiles(listOf(folder), receiver.stream);
  const told = assert.rejects(sending, /went away before it had all files/);
  await receiver.has(isListed);
  receiver.goAway();
  await told;
});
