import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SecretReading, SecretSource } from '../../src/ports/secret-source.ts';
import { resolveCredentials } from '../../workers/resolve-credentials.ts';
import { resolveSecrets } from '../../workers/resolve-secrets.ts';
import { fakeSecretSource } from '../support/fakes/secret-source.ts';

const never = new AbortController().signal;

/** A source whose answers the test gives; `waiting` are the addresses that have none yet. */
function slowSource() {
  const waiting = new Map<string, (reading: SecretReading) => void>();
  const source: SecretSource = {
    read: ({ address }, signal) =>
      new Promise((resolve, reject) => {
        waiting.set(address, resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const answer = async (address: string) => {
    waiting.get(address)?.({ kind: 'value', value: `value of ${address}` });
    waiting.delete(address);
    await nextTurn();
  };
  return { source, waiting, answer };
}

test('each secret is asked for once, five at a time', async () => {
  const { source, waiting, answer } = slowSource();
  const wanted = ['a', 'b', 'c', 'd', 'e', 'a', 'f', 'g'].map((address) => ({ address }));
  const resolved = resolveSecrets(wanted, source, never);
  assert.deepEqual([...waiting.keys()], ['a', 'b', 'c', 'd', 'e']);
  await answer('c');
  assert.deepEqual([...waiting.keys()], ['a', 'b', 'd', 'e', 'f']);
  for (const address of ['a', 'b', 'd', 'e', 'f', 'g']) await answer(address);
  const { values, unavailable } = await resolved;
  assert.deepEqual([...values.keys()].sort(), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  assert.equal(unavailable.size, 0);
});

test('one that takes too long has no value, and the others have', async () => {
  const { source, answer } = slowSource();
  const resolved = resolveSecrets([{ address: 'slow' }, { address: 'b' }], source, never, 20);
  await answer('b');
  const { values, unavailable } = await resolved;
  assert.deepEqual([...values.keys()], ['b']);
  assert.match(unavailable.get('slow')?.reason ?? '', /did not answer within 0.02 s/);
});

test('an abort ends all of it with its reason', async () => {
  const { source } = slowSource();
  const stop = new AbortController();
  const resolved = resolveSecrets([{ address: 'a' }], source, stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(resolved, /enough/);
});

const vault = {
  kind: 'vault',
  registry: 'r.test',
  identity: 'i-1',
  username: { from: 'text', text: 'me' },
  password: { from: 'vault', url: 'https://v/secrets/p' },
  unused: {},
} as const;
const opaque = { kind: 'opaque', registry: 'o.test', username: 'u', password: 'p', unused: {} } as const;

test('credentials of registries, of which one is a secret of a vault', async () => {
  const source = fakeSecretSource({ 'https://v/secrets/p': 'hush' });
  const resolved = await resolveCredentials([opaque, vault], source, never);
  assert.deepEqual(resolved.ok && resolved.value, [
    { registry: 'o.test', username: 'u', password: 'p' },
    { registry: 'r.test', username: 'me', password: 'hush' },
  ]);
  assert.deepEqual(source.asked, [{ address: 'https://v/secrets/p', clientId: 'i-1' }]);
});

test('a credential that cannot be read is told with its registry, the reason and the cure', async () => {
  const resolved = await resolveCredentials([vault], fakeSecretSource({}), never);
  const [found] = resolved.ok ? [] : resolved.diagnostics;
  assert.deepEqual([found?.code, found?.hint], ['credential-unresolved', 'Give it one.']);
  assert.match(found?.message ?? '', /password for the registry r\.test .*"https:\/\/v\/secrets\/p": the fake/);
});
