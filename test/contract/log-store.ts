import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogStore, NewLogLines } from '../../src/ports/log-store.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import type { LogChunk } from '../../task-schemas/index.ts';
import { aRun } from '../support/fakes/run.ts';

/** What the suite needs: a store whose logs are full after 10,000 bytes of step output, and the runs they belong to. */
export interface LogStoreRig {
  readonly runs: RunStore;
  /** A further store over the same data, as another process would have it. */
  open(): Promise<LogStore>;
  /** Removes the data and closes what was opened. */
  close(): Promise<void>;
}

/** Bytes after which the stores of the rig are full. */
export const CONTRACT_LOG_LIMIT = 10_000;

const id = aRun().id;
const never = new AbortController().signal;

function lines(text: string, parts: Partial<NewLogLines> = {}): NewLogLines {
  return { at: 7_000, step: 'build', stream: 'stdout', text, ...parts };
}

/** What every LogStore promises (src/ports/log-store.ts). */
export function logStoreContract(name: string, create: () => Promise<LogStoreRig>): void {
  /** A test with a run that is at attempt 1. */
  function check(what: string, body: (store: LogStore, rig: LogStoreRig) => Promise<void>): void {
    test(`${name}: ${what}`, async () => {
      const rig = await create();
      try {
        await rig.runs.insert(aRun());
        await rig.runs.apply(id, { kind: 'claimed', at: 2_000, worker: 'w1' });
        await body(await rig.open(), rig);
      } finally {
        await rig.close();
      }
    });
  }
  appendContract(check);
  readContract(check);
  followContract(check);
}

type Check = (what: string, body: (store: LogStore, rig: LogStoreRig) => Promise<void>) => void;

function appendContract(check: Check): void {
  check('lines are numbered from 1 without gaps and read back as they were', async (store, rig) => {
    const engine: NewLogLines = { at: 6_000, stream: 'engine', text: 'Started' };
    assert.deepEqual(await store.append(id, 1, [engine, lines('a\n\nc — ü 🚢\r')]), { kind: 'appended', last: 4 });
    assert.deepEqual(await store.append(id, 1, [lines('', { stream: 'stderr' })]), { kind: 'appended', last: 5 });
    assert.deepEqual(await (await rig.open()).read(id, 0, 100), [
      { first: 1, last: 1, attempt: 1, ...engine },
      { first: 2, last: 4, attempt: 1, ...lines('a\n\nc — ü 🚢\r') },
      { first: 5, last: 5, attempt: 1, ...lines('', { stream: 'stderr' }) },
    ] satisfies LogChunk[]);
  });

  check('numbering goes on over attempts; the older attempt is fenced and writes nothing', async (store, rig) => {
    await store.append(id, 1, [lines('one\ntwo')]);
    await rig.runs.apply(id, { kind: 'claimed', at: 3_000, worker: 'w2' });
    assert.deepEqual(await store.append(id, 1, [lines('late')]), { kind: 'fenced' });
    assert.deepEqual(await store.append(id, 2, [lines('three')]), { kind: 'appended', last: 3 });
    const chunks = await store.read(id, 0, 100);
    assert.deepEqual(
      chunks.map(({ first, last, attempt, text }) => ({ first, last, attempt, text })),
      [
        { first: 1, last: 2, attempt: 1, text: 'one\ntwo' },
        { first: 3, last: 3, attempt: 2, text: 'three' },
      ],
    );
  });

  check('an attempt to come, and a run that is not there, are fenced', async (store) => {
    assert.deepEqual(await store.append(id, 2, [lines('early')]), { kind: 'fenced' });
    assert.deepEqual(await store.append('r9999999', 0, [lines('x')]), { kind: 'fenced' });
    assert.deepEqual(await store.read(id, 0, 100), []);
  });

  check('a run that no worker has taken yet is at attempt 0', async (store, rig) => {
    await rig.runs.insert(aRun({ id: 'r0000002' }));
    assert.deepEqual(await store.append('r0000002', 0, [lines('queued')]), { kind: 'appended', last: 1 });
  });

  check('appends at the same moment are all kept, none doubled', async (store, rig) => {
    const stores = [store, await rig.open()];
    const texts = Array.from({ length: 30 }, (_, n) => `line ${n}`);
    await Promise.all(texts.map((text, n) => stores[n % 2]?.append(id, 1, [lines(text)])));
    const chunks = await store.read(id, 0, 100);
    assert.deepEqual(
      chunks.map((chunk) => chunk.first),
      Array.from({ length: 30 }, (_, n) => n + 1),
    );
    assert.deepEqual(chunks.map((chunk) => chunk.text).sort(), [...texts].sort());
  });

  check('a full log takes no more step output, not even what would fit, but tells so', async (store) => {
    await store.append(id, 1, [lines('x'.repeat(6000))]);
    const limitBytes = CONTRACT_LOG_LIMIT;
    assert.deepEqual(await store.append(id, 1, [lines('y'), lines('z'.repeat(6000))]), { kind: 'full', limitBytes });
    assert.deepEqual(await store.append(id, 1, [lines('y')]), { kind: 'full', limitBytes });
    const note = { at: 1, stream: 'engine', text: 'full '.repeat(2000) } as const;
    assert.deepEqual(await store.append(id, 1, [note]), { kind: 'appended', last: 2 });
    assert.equal((await store.read(id, 0, 100)).length, 2);
  });
}

function readContract(check: Check): void {
  check('reading may begin at every line', async (store) => {
    const all = await appendLetters(store);
    for (let after = 0; after <= all.length; after++) {
      const chunks = await store.read(id, after, 100);
      assert.deepEqual(linesOf(chunks), all.slice(after), `after ${after}`);
      assert.equal(chunks[0]?.first ?? after + 1, after + 1);
    }
    assert.deepEqual(await store.read(id, all.length + 5, 100), []);
  });

  check('reading in pieces shows every line once', async (store) => {
    const all = await appendLetters(store);
    const seen: string[] = [];
    for (let after = 0; after < all.length; ) {
      const chunks = await store.read(id, after, 2);
      assert.ok(chunks.length > 0 && chunks.length <= 3, 'about two chunks at a time');
      seen.push(...linesOf(chunks));
      after = chunks.at(-1)?.last ?? Number.POSITIVE_INFINITY;
    }
    assert.deepEqual(seen, all);
  });

  check('a dropped log is gone; an unknown one is empty', async (store) => {
    await appendLetters(store);
    await store.drop(id);
    assert.deepEqual(await store.read(id, 0, 100), []);
    assert.deepEqual(await store.read('r9999999', 0, 100), []);
    await store.drop('r9999999');
  });
}

function followContract(check: Check): void {
  check('follow resumes at every line and goes on with new ones', async (store, rig) => {
    const all = await appendLetters(store);
    const reader = await rig.open();
    const followers = Array.from({ length: all.length + 1 }, (_, after) => {
      return collect(reader, after, all.length + 3 - after);
    });
    await store.append(id, 1, [lines('new')]);
    await store.append(id, 1, [lines('newer\nnewest')]);
    const expected = [...all, 'new', 'newer', 'newest'];
    for (const [after, follower] of followers.entries()) {
      assert.deepEqual(await follower, expected.slice(after), `after ${after}`);
    }
  });

  check('no line is lost when it comes right with the begin of a follow', async (store, rig) => {
    const writer = await rig.open();
    for (let n = 0; n < 20; n++) {
      const follower = collect(store, n, 1);
      await writer.append(id, 1, [lines(`line ${n}`)]);
      assert.deepEqual(await follower, [`line ${n}`]);
    }
  });

  check('follow waits for a log that does not exist yet', async (store, rig) => {
    await rig.runs.insert(aRun({ id: 'r0000002' }));
    const stop = new AbortController();
    const follower = (async () => {
      for await (const chunks of store.follow('r0000002', 0, stop.signal)) return linesOf(chunks);
    })();
    await store.append('r0000002', 0, [lines('first')]);
    assert.deepEqual(await follower, ['first']);
  });

  check('follow ends without error when aborted, before and during', async (store) => {
    for await (const _ of store.follow(id, 0, AbortSignal.abort())) assert.fail('nothing was there');
    await store.append(id, 1, [lines('a')]);
    const stop = new AbortController();
    let pages = 0;
    for await (const _ of store.follow(id, 0, stop.signal)) {
      pages++;
      stop.abort();
    }
    assert.equal(pages, 1);
  });

  check('close ends the followers without error', async (store) => {
    await store.append(id, 1, [lines('a')]);
    for await (const _ of store.follow(id, 0, never)) await store.close();
  });
}

/** Appends ten lines in chunks of 1, 3, 2 and 4 lines; answers them. */
async function appendLetters(store: LogStore): Promise<readonly string[]> {
  const chunks = ['a', 'b\nc\nd', '\nf', 'g\nh\n\nj'];
  await store.append(
    id,
    1,
    chunks.slice(0, 2).map((text) => lines(text)),
  );
  await store.append(
    id,
    1,
    chunks.slice(2).map((text) => lines(text, { step: 'test' })),
  );
  return chunks.flatMap((text) => text.split('\n'));
}

function linesOf(chunks: readonly LogChunk[]): readonly string[] {
  return chunks.flatMap((chunk) => chunk.text.split('\n'));
}

/** The next `count` lines behind `after`. */
async function collect(store: LogStore, after: number, count: number): Promise<readonly string[]> {
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const chunks of store.follow(id, after, stop.signal)) {
    seen.push(...linesOf(chunks));
    if (seen.length >= count) stop.abort();
  }
  return seen;
}
