import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkName, nonEmpty, registryHost } from '../../../src/cli/commands/option-values.ts';

const readers = [
  {
    read: registryHost,
    good: ['', 'reg.test', 'localhost:5000', '[::1]:5000', 'reg.test/team'],
    bad: ['http://foo/', 'foo/', 'a b', ':5000'],
  },
  { read: networkName, good: ['corp', 'a_b.c-d'], bad: ['', 'foo bar', '-x'] },
  { read: nonEmpty, good: ['sub', '/'], bad: ['', ' '] },
];

for (const { read, good, bad } of readers) {
  test(`${read.name} takes what has its form and refuses the rest`, () => {
    for (const text of good) assert.equal(read(text), text);
    for (const text of bad) assert.throws(() => read(text), /It must/);
  });
}
