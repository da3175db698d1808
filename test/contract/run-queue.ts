import assert from 'node:assert/strict';
import type { JobOutcome, RunQueue } from '../../src/ports/run-queue.ts';
import { type Check, checking, type StoreRig } from './checking.ts';

const pool = 'default';

/** What every RunQueue promises (src/ports/run-queue.ts), but for the death of a consumer, which needs a process. */
export function runQueueContract(name: string, create: () => Promise<StoreRig<RunQueue>>): void {
  const check = checking(name, create);
  waitingContract(check);
  consumerContract(check);
  closeContract(check);
}

function waitingContract(check: Check<RunQueue>): void {
  check('jobs are taken first in, first out, by a consumer of another process', async (queue, rig) => {
    const ids = ['r0000003', 'r0000001', 'r0000002'];
    for (const runId of ids) await queue.enqueue(pool, { runId });
    assert.deepEqual(await queue.depth(pool), { waiting: 3, active: 0 });
    const hand = createHand();
    const consumer = await (await rig.open()).consume(pool, 1, hand.handler);
    for (const runId of ids) (await hand.taken(runId)).finish('done');
    await consumer.close(1000);
    assert.deepEqual(hand.order, ids);
    assert.deepEqual(await queue.depth(pool), { waiting: 0, active: 0 });
  });

  check('a run that waits or is active is not enqueued again', async (queue, rig) => {
    const other = await rig.open();
    await Promise.all([queue, other, queue, other].map((each) => each.enqueue(pool, { runId: 'r0000001' })));
    assert.deepEqual(await queue.depth(pool), { waiting: 1, active: 0 });
    const hand = createHand();
    const consumer = await queue.consume(pool, 2, hand.handler);
    const job = await hand.taken('r0000001');
    await other.enqueue(pool, { runId: 'r0000001' });
    assert.deepEqual(await queue.depth(pool), { waiting: 0, active: 1 });
    job.finish('done');
    await consumer.close(1000);
    assert.deepEqual(hand.order, ['r0000001']);
  });

  check('a run that is done may be enqueued again', async (queue) => {
    const hand = createHand();
    const consumer = await queue.consume(pool, 1, hand.handler);
    for (let n = 0; n < 2; n++) {
      await queue.enqueue(pool, { runId: 'r0000001' });
      (await hand.taken('r0000001')).finish('done');
      await until(async () => (await queue.present(pool, ['r0000001'])).size === 0);
    }
    await consumer.close(1000);
    assert.equal(hand.order.length, 2);
  });

  check('present tells who waits or is active, in this pool', async (queue) => {
    for (const runId of ['r0000001', 'r0000002']) await queue.enqueue(pool, { runId });
    const hand = createHand();
    const consumer = await queue.consume(pool, 1, hand.handler);
    const job = await hand.taken('r0000001');
    const asked = ['r0000001', 'r0000002', 'r0000003'];
    assert.deepEqual(await queue.present(pool, asked), new Set(['r0000001', 'r0000002']));
    assert.deepEqual(await queue.present('other', asked), new Set());
    assert.deepEqual(await queue.present(pool, []), new Set());
    job.finish('done');
    (await hand.taken('r0000002')).finish('done');
    await consumer.close(1000);
    assert.deepEqual(await queue.present(pool, asked), new Set());
  });

  check('pools do not mix', async (queue) => {
    await queue.enqueue('one', { runId: 'r0000001' });
    await queue.enqueue('two', { runId: 'r0000002' });
    const hand = createHand();
    const consumer = await queue.consume('two', 5, hand.handler);
    (await hand.taken('r0000002')).finish('done');
    await consumer.close(1000);
    assert.deepEqual(hand.order, ['r0000002']);
    assert.deepEqual(await queue.depth('one'), { waiting: 1, active: 0 });
  });
}

function consumerContract(check: Check<RunQueue>): void {
  check('a consumer holds as many jobs as it may, not more', async (queue) => {
    for (const runId of ['r0000001', 'r0000002', 'r0000003']) await queue.enqueue(pool, { runId });
    const hand = createHand();
    const consumer = await queue.consume(pool, 2, hand.handler);
    const first = await hand.taken('r0000001');
    const second = await hand.taken('r0000002');
    assert.equal(consumer.active(), 2);
    assert.deepEqual(await queue.depth(pool), { waiting: 1, active: 2 });
    second.finish('done');
    (await hand.taken('r0000003')).finish('done');
    first.finish('done');
    await consumer.close(1000);
    assert.equal(consumer.active(), 0);
  });

  check('a job enqueued while a consumer idles is taken soon', async (queue, rig) => {
    const hand = createHand();
    const consumer = await queue.consume(pool, 1, hand.handler);
    await (await rig.open()).enqueue(pool, { runId: 'r0000001' });
    (await hand.taken('r0000001')).finish('done');
    await consumer.close(1000);
  });

  check('a job given back is the next one to be taken', async (queue) => {
    for (const runId of ['r0000001', 'r0000002']) await queue.enqueue(pool, { runId });
    const hand = createHand();
    const consumer = await queue.consume(pool, 1, hand.handler);
    (await hand.taken('r0000001')).finish('give-back');
    (await hand.taken('r0000001')).finish('done');
    (await hand.taken('r0000002')).finish('done');
    await consumer.close(1000);
    assert.deepEqual(hand.order, ['r0000001', 'r0000001', 'r0000002']);
  });

  check('a job whose handler rejects is not lost', async (queue) => {
    await queue.enqueue(pool, { runId: 'r0000001' });
    const hand = createHand();
    const consumer = await queue.consume(pool, 1, hand.handler);
    (await hand.taken('r0000001')).fail(new Error('the engine went away'));
    (await hand.taken('r0000001')).finish('done');
    await consumer.close(1000);
    assert.deepEqual(await queue.depth(pool), { waiting: 0, active: 0 });
  });
}

function closeContract(check: Check<RunQueue>): void {
  check('close waits for the active jobs and takes no further one', async (queue) => {
    for (const runId of ['r0000001', 'r0000002']) await queue.enqueue(pool, { runId });
    const hand = createHand();
    const consumer = await queue.consume(pool, 1, hand.handler);
    const job = await hand.taken('r0000001');
    const closed = consumer.close(60_000);
    job.finish('done');
    await closed;
    assert.equal(job.signal.aborted, false);
    assert.deepEqual(hand.order, ['r0000001']);
    assert.deepEqual(await queue.depth(pool), { waiting: 1, active: 0 });
  });

  check(
    'after the grace time the signals abort, and what is given back goes to another consumer',
    async (queue, rig) => {
      for (const runId of ['r0000001', 'r0000002']) await queue.enqueue(pool, { runId });
      const hand = createHand();
      const consumer = await queue.consume(pool, 1, hand.handler);
      const job = await hand.taken('r0000001');
      job.signal.addEventListener('abort', () => job.finish('give-back'));
      await consumer.close(10);
      assert.equal(consumer.active(), 0);
      assert.deepEqual(await queue.depth(pool), { waiting: 2, active: 0 });
      const heir = createHand();
      const second = await (await rig.open()).consume(pool, 1, heir.handler);
      (await heir.taken('r0000001')).finish('done');
      (await heir.taken('r0000002')).finish('done');
      await second.close(1000);
      assert.deepEqual(hand.order, ['r0000001']);
    },
  );

  check('an idle consumer closes at once', async (queue) => {
    const consumer = await queue.consume(pool, 3, async () => 'done');
    const timer = AbortSignal.timeout(2_000);
    await consumer.close(60_000);
    assert.equal(timer.aborted, false);
  });
}

/** A job in the hand of the test, which decides how it ends. */
interface HeldJob {
  readonly signal: AbortSignal;
  finish(outcome: JobOutcome): void;
  fail(error: Error): void;
}

/** A handler whose jobs are steered by the test. */
function createHand() {
  const order: string[] = [];
  const held = new Map<string, HeldJob>();
  let wake = () => {};
  return {
    /** The runs in the order in which they were taken. */
    order: order as readonly string[],
    handler: (job: { readonly runId: string }, signal: AbortSignal) =>
      new Promise<JobOutcome>((finish, fail) => {
        order.push(job.runId);
        held.set(job.runId, { signal, finish, fail });
        wake();
      }),
    /** Waits until the job of the run is taken (again). */
    async taken(runId: string): Promise<HeldJob> {
      for (;;) {
        const job = held.get(runId);
        held.delete(runId);
        if (job !== undefined) return job;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}
