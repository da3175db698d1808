import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSecretBox } from '../../../src/adapters/secrets/secret-box.ts';
import { KEY_BYTES } from '../../../src/core/secret/secret-keys.ts';
import { SealBroken } from '../../../src/ports/secret-box.ts';

const [old, current] = [randomBytes(KEY_BYTES), randomBytes(KEY_BYTES)];

test('what is sealed is opened again, shows nothing of itself, and is never the same twice', () => {
  const box = createSecretBox([current]);
  for (const text of ['', 'hush', 'grüße 🚢\n'.repeat(1000)]) {
    const sealed = box.seal(text);
    assert.equal(box.open(sealed), text);
    assert.match(sealed, /^v1\.[0-9a-f]{8}\.[\w-]+$/);
    assert.notEqual(box.seal(text), sealed);
    if (text !== '') assert.equal(Buffer.from(sealed).includes(text), false);
  }
});

test('a key can be replaced: older texts are opened with it as long as it is given', () => {
  const sealed = createSecretBox([old]).seal('hush');
  assert.equal(createSecretBox([current, old]).open(sealed), 'hush');
  assert.throws(() => createSecretBox([current]).open(sealed), isBroken(/another key \([0-9a-f]{8}\): give that one/));
});

test('a text that was changed is not opened', () => {
  const box = createSecretBox([current]);
  const sealed = box.seal('hush');
  const at = sealed.length - 3;
  const other = sealed[at] === 'A' ? 'B' : 'A';
  for (const changed of [
    sealed.slice(0, at) + other + sealed.slice(at + 1),
    sealed.slice(0, -8),
    sealed.slice(0, 14),
  ]) {
    assert.throws(() => box.open(changed), isBroken(/was changed after it was sealed/));
  }
  for (const strange of ['', 'hush', 'v2.00000000.abcd'])
    assert.throws(() => box.open(strange), isBroken(/another key/));
});

function isBroken(message: RegExp) {
  return (error: unknown) => error instanceof SealBroken && message.test(error.message);
}
