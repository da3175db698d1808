import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegistryError } from '../../../src/ports/registry-client.ts';
import { createRegistrySilence, SilentRegistry } from '../../../workers/engine/registry-silence.ts';

const never = new AbortController().signal;

/** A question that nobody answers. */
function unanswered(asked: string[], host: string) {
  return (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      asked.push(host);
      // As a connection does, it keeps the process from ending.
      const open = setInterval(() => {}, 1_000);
      signal.addEventListener('abort', () => {
        clearInterval(open);
        reject(signal.reason);
      });
    });
}

test('who says nothing is waited for once, and others are asked all the same', async () => {
  const silence = createRegistrySilence(20);
  const asked: string[] = [];
  const ask = (host: string) => silence.ask(host, unanswered(asked, host), never);
  await assert.rejects(
    ask('a.test'),
    (error) => error instanceof SilentRegistry && /a\.test does not/.test(error.message),
  );
  await assert.rejects(ask('a.test'), SilentRegistry);
  await assert.rejects(ask('b.test'), SilentRegistry);
  assert.deepEqual(asked, ['a.test', 'b.test']);
});

test('an answer, or a refusal, is no silence', async () => {
  const silence = createRegistrySilence();
  const refusal = new RegistryError('no');
  await assert.rejects(
    silence.ask('a.test', () => Promise.reject(refusal), never),
    (error) => error === refusal,
  );
  assert.equal(await silence.ask('a.test', async () => 7, never), 7);
});

test('who gives up has not found out anything', async () => {
  const silence = createRegistrySilence(60_000);
  const stop = new AbortController();
  const reason = new Error('enough');
  const asking = silence.ask('a.test', unanswered([], 'a.test'), stop.signal);
  stop.abort(reason);
  await assert.rejects(asking, (error) => error === reason);
  assert.equal(await silence.ask('a.test', async () => 7, never), 7);
});
