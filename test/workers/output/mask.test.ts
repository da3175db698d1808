import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMask } from '../../../workers/output/mask.ts';

const secret = 'p@ss w0rd/1';
const cases = [
  { name: 'the value', secrets: [secret], block: `login ${secret} ok`, expected: 'login *** ok' },
  { name: 'every occurrence', secrets: [secret], block: `${secret}\n${secret}`, expected: '***\n***' },
  { name: 'its base64 form', secrets: [secret], block: Buffer.from(secret).toString('base64'), expected: '***' },
  { name: 'its URL-encoded form', secrets: [secret], block: `u:${encodeURIComponent(secret)}@h`, expected: 'u:***@h' },
  {
    name: 'each line of a long one',
    secrets: ['first line\nsecond'],
    block: 'a second b\nfirst line',
    expected: 'a *** b\n***',
  },
  { name: 'the longer of two first', secrets: ['token', 'token-long'], block: 'token-long', expected: '***' },
  { name: 'too short a value is left alone', secrets: ['abc'], block: 'abc', expected: 'abc' },
  { name: 'secrets that overlap', secrets: ['xxab', 'ab-very-long'], block: '<xxab-very-long>', expected: '<***>' },
  { name: 'one beside the other', secrets: ['aaaa', 'bbbb'], block: 'aaaabbbb', expected: '******' },
  { name: 'a quoted one', secrets: ["it's me"], block: `+ echo 'it'\\''s me'`, expected: "+ echo '***'" },
  {
    name: 'base64 in lines',
    secrets: ['k'.repeat(100)],
    block: (
      Buffer.from('k'.repeat(100))
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n'),
    expected: '***\n***',
  },
  { name: 'no secrets', secrets: [], block: 'as is', expected: 'as is' },
];

for (const { name, secrets, block, expected } of cases) {
  test(name, () => assert.equal(createMask(secrets).hide(block), expected));
}

test('what is learnt later is hidden from then on', () => {
  const mask = createMask(['first']);
  assert.equal(mask.hide('first second'), '*** second');
  mask.learn(['second']);
  assert.equal(mask.hide('first second'), '*** ***');
  assert.ok(mask.longest() >= 'second'.length);
});
