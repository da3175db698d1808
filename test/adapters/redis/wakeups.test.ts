import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channels } from '../../../src/adapters/redis/channels.ts';
import { wakeups } from '../../../src/adapters/redis/wakeups.ts';

const never = 600_000;

/** One channel whose subscription the test makes stand or fail, and on which it sends. */
function createChannel() {
  const listeners = new Set<() => void>();
  let stand = () => {};
  let fail = (_: Error) => {};
  const ready = new Promise<void>((resolve, reject) => {
    stand = resolve;
    fail = reject;
  });
  const channels: Channels = {
    subscribe(_, listener) {
      listeners.add(listener);
      return { ready, close: () => listeners.delete(listener) };
    },
  };
  const send = () => {
    for (const listener of listeners) listener();
  };
  return { channels, listeners, stand, fail, send };
}

/** Whether a promise is still open after everything that was due has run. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, open))])) === open;
}

test('the first look waits until the subscription stands', async () => {
  const channel = createChannel();
  const stop = new AbortController();
  const looks = wakeups(channel.channels, 'c', never, stop.signal);
  const first = looks.next();
  assert.equal(await isOpen(first), true);
  channel.stand();
  assert.equal((await first).done, false);
  await looks.return();
  assert.equal(channel.listeners.size, 0);
});

test('a message that comes while nobody waits is kept, many are one, and none is none', async () => {
  const channel = createChannel();
  const stop = new AbortController();
  const looks = wakeups(channel.channels, 'c', never, stop.signal);
  channel.stand();
  await looks.next();
  channel.send();
  channel.send();
  assert.equal((await looks.next()).done, false);
  const third = looks.next();
  assert.equal(await isOpen(third), true);
  stop.abort();
  assert.equal((await third).done, true);
});

test('without messages it looks again after a while', async () => {
  const channel = createChannel();
  const stop = new AbortController();
  const looks = wakeups(channel.channels, 'c', 5, stop.signal);
  channel.stand();
  for (let n = 0; n < 3; n++) assert.equal((await looks.next()).done, false);
  stop.abort();
  assert.equal((await looks.next()).done, true);
});

test('a failed subscription rejects, an aborted one ends; both leave nothing behind', async () => {
  const failed = createChannel();
  failed.fail(new Error('Redis went away'));
  await assert.rejects(wakeups(failed.channels, 'c', never, new AbortController().signal).next(), /went away/);
  assert.equal(failed.listeners.size, 0);

  const aborted = createChannel();
  const stop = new AbortController();
  const first = wakeups(aborted.channels, 'c', never, stop.signal).next();
  stop.abort();
  assert.equal((await first).done, true);
  assert.equal(aborted.listeners.size, 0);
});
