import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { BlobStore } from '../../src/ports/blob-store.ts';

/** What the suite needs: an empty store and an end. */
export interface BlobStoreRig {
  readonly store: BlobStore;
  close(): Promise<void>;
}

/** What every BlobStore promises (src/ports/blob-store.ts). */
export function blobStoreContract(name: string, create: () => Promise<BlobStoreRig>): void {
  function check(what: string, body: (store: BlobStore) => Promise<void>): void {
    test(`${name}: ${what}`, async () => {
      const rig = await create();
      try {
        await body(rig.store);
      } finally {
        await rig.close();
      }
    });
  }
  storingContract(check);
  brokenContract(check);
  keyContract(check);
}

type Check = (what: string, body: (store: BlobStore) => Promise<void>) => void;

function storingContract(check: Check): void {
  check('what is put is got back, from any byte on', async (store) => {
    const content = randomBytes(300_000);
    const parts = [content.subarray(0, 1), content.subarray(1, 200_000), content.subarray(200_000)];
    assert.deepEqual(await store.put('logs/r0000001.ndjson', Readable.from(parts), {}), {
      kind: 'stored',
      bytes: 300_000,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    for (const start of [0, 1, 65_536, 299_999, 300_000, 400_000]) {
      assert.ok(content.subarray(start).equals(await read(store, 'logs/r0000001.ndjson', start)), `from ${start}`);
    }
  });

  check('text is stored as UTF-8, an empty stream as an empty blob', async (store) => {
    await store.put('a', Readable.from(['ü', '🚢']), {});
    assert.equal((await read(store, 'a')).toString(), 'ü🚢');
    assert.equal((await store.put('b', Readable.from([]), {})).kind, 'stored');
    assert.equal((await store.stat('b'))?.bytes, 0);
  });

  check('put replaces; who reads the old content reads it to its end', async (store) => {
    const old = randomBytes(500_000);
    await store.put('a', Readable.from([old]), {});
    const reader = await store.get('a');
    assert.ok(reader);
    const begun = reader.iterator()[Symbol.asyncIterator]();
    const first = await begun.next();
    await store.put('a', Readable.from(['new']), {});
    const parts = [Buffer.from(first.value)];
    for (let part = await begun.next(); !part.done; part = await begun.next()) parts.push(Buffer.from(part.value));
    assert.ok(old.equals(Buffer.concat(parts)));
    assert.equal((await read(store, 'a')).toString(), 'new');
  });

  check('a blob is not there before it is whole', async (store) => {
    const content = new Readable({ read() {} });
    const stored = store.put('a/b', content, {});
    content.push('first');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await store.stat('a/b'), undefined);
    assert.equal(await store.get('a/b'), undefined);
    assert.deepEqual(await keys(store, ''), []);
    content.push(null);
    await stored;
    assert.deepEqual(await keys(store, ''), ['a/b']);
  });

  check('puts of one key at the same moment leave one of them whole', async (store) => {
    const contents = [1, 2, 3, 4].map((n) => Buffer.alloc(200_000, n));
    await Promise.all(contents.map((content) => store.put('a', Readable.from([content]), {})));
    const kept = await read(store, 'a');
    assert.ok(contents.some((content) => content.equals(kept)));
    assert.deepEqual(await keys(store, ''), ['a']);
  });

  check('what was never put or was deleted is not there', async (store) => {
    await store.put('a/b', Readable.from(['x']), {});
    await store.delete('a/b');
    for (const key of ['a/b', 'a', 'c', 'a/b/c']) {
      assert.equal(await store.get(key), undefined, key);
      assert.equal(await store.stat(key), undefined, key);
      await store.delete(key);
    }
  });

  check('list shows size and key of what begins with a prefix', async (store) => {
    for (const key of ['uploads/u1', 'uploads/u2.tar', 'logs/r1', 'up'])
      await store.put(key, Readable.from(['xyz']), {});
    assert.deepEqual(await keys(store, ''), ['logs/r1', 'up', 'uploads/u1', 'uploads/u2.tar']);
    assert.deepEqual(await keys(store, 'up'), ['up', 'uploads/u1', 'uploads/u2.tar']);
    assert.deepEqual(await keys(store, 'uploads/'), ['uploads/u1', 'uploads/u2.tar']);
    assert.deepEqual(await keys(store, 'uploads/u2'), ['uploads/u2.tar']);
    assert.deepEqual(await keys(store, 'nothing/'), []);
    assert.deepEqual(await keys(store, '../'), []);
    for await (const entry of store.list('logs/')) assert.deepEqual(entry, await store.stat('logs/r1'));
  });

  check('a sweep leaves alone what is stored and what is just being put', async (store) => {
    await store.put('a', Readable.from(['whole']), {});
    const content = new Readable({ read() {} });
    const put = store.put('b', content, {});
    content.push('half, ');
    await pause(5);
    assert.equal(await store.sweepUnfinished(Date.now() - 60_000), 0);
    content.push('whole');
    content.push(null);
    assert.equal((await put).kind, 'stored');
    assert.equal((await read(store, 'b')).toString(), 'half, whole');
    assert.deepEqual(await keys(store, ''), ['a', 'b']);
  });
}

function brokenContract(check: Check): void {
  check('a blob over the limit is refused, keeps nothing and leaves the stream to its owner', async (store) => {
    await store.put('a', Readable.from(['old']), {});
    const content = Readable.from(['12345', '67890', 'rest']);
    assert.deepEqual(await store.put('a', content, { maxBytes: 9 }), { kind: 'too-large', limitBytes: 9 });
    assert.equal(content.destroyed, false);
    assert.equal((await read(store, 'a')).toString(), 'old');
    assert.deepEqual(await keys(store, ''), ['a']);
    assert.equal((await store.put('a', Readable.from(['123456789']), { maxBytes: 9 })).kind, 'stored');
  });

  check('a stream that fails rejects the put and leaves what was there', async (store) => {
    await store.put('a', Readable.from(['old']), {});
    const broken = Readable.from(
      (async function* () {
        yield 'half';
        throw new Error('the client went away');
      })(),
    );
    await assert.rejects(store.put('a', broken, {}), /the client went away/);
    const cut = new Readable({ read() {} });
    const put = assert.rejects(store.put('a', cut, {}));
    cut.push('half');
    setTimeout(() => cut.destroy(), 5);
    await put;
    assert.equal((await read(store, 'a')).toString(), 'old');
    assert.deepEqual(await keys(store, ''), ['a']);
  });

  check('an aborted put rejects with the reason and leaves nothing', async (store) => {
    const stop = new AbortController();
    const endless = new Readable({ read() {} });
    endless.push('begin');
    const put = assert.rejects(store.put('a', endless, {}, stop.signal), /no longer wanted/);
    setTimeout(() => stop.abort(new Error('no longer wanted')), 5);
    await put;
    await assert.rejects(store.put('a', Readable.from(['x']), {}, stop.signal), /no longer wanted/);
    assert.deepEqual(await keys(store, ''), []);
  });
}

function keyContract(check: Check): void {
  check('a key that is not one is a fault, whatever is asked', async (store) => {
    for (const key of ['', '/', 'a/', '/a', 'a//b', '..', '../a', 'a/../b', './a', 'A', 'a b', 'a_b', 'a\\b', 'a\0']) {
      await assert.rejects(store.put(key, Readable.from(['x']), {}), /not a blob key/, key);
      await assert.rejects(store.get(key), /not a blob key/, key);
      await assert.rejects(store.stat(key), /not a blob key/, key);
      await assert.rejects(store.delete(key), /not a blob key/, key);
    }
    assert.deepEqual(await keys(store, ''), []);
  });
}

async function read(store: BlobStore, key: string, start?: number): Promise<Buffer> {
  const content = await store.get(key, start);
  assert.ok(content, `${key} is there`);
  return buffer(content);
}

async function keys(store: BlobStore, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of store.list(prefix)) found.push(entry.key);
  return found.sort();
}
