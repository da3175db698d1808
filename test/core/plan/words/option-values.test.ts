import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseBytes,
  parseCpus,
  parseExtraHost,
  parsePairs,
  parseUlimit,
} from '../../../../src/core/plan/words/option-values.ts';

test('sizes and numbers of CPUs as Docker writes them', () => {
  assert.deepEqual(['1', '1b', '2k', '1.5m', '1GiB', '1x', '-1', ''].map(parseBytes), [
    1,
    1,
    2048,
    1572864,
    1073741824,
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual(['2', '.5', '0', '-1', 'x'].map(parseCpus), [2, 0.5, undefined, undefined, undefined]);
});

const ulimits = [
  { text: 'nofile=1024:2048', expected: { name: 'nofile', soft: 1024, hard: 2048 } },
  { text: 'nofile=1024', expected: { name: 'nofile', soft: 1024, hard: 1024 } },
  { text: 'core=-1', expected: { name: 'core', soft: -1, hard: -1 } },
  { text: 'core=5:-1', expected: { name: 'core', soft: 5, hard: -1 } },
  { text: 'nofile=2:1', expected: undefined },
  { text: 'files=1', expected: undefined },
  { text: 'nofile', expected: undefined },
  { text: 'nofile=many', expected: undefined },
] as const;

for (const { text, expected } of ulimits) {
  test(`limit ${text}`, () => assert.deepEqual(parseUlimit(text), expected));
}

const hosts = [
  { text: 'db:10.0.0.1', expected: 'db:10.0.0.1' },
  { text: 'db=10.0.0.1', expected: 'db:10.0.0.1' },
  { text: 'db:[::1]', expected: 'db:::1' },
  { text: 'me:host-gateway', expected: 'me:host-gateway' },
  { text: 'db', expected: undefined },
  { text: 'db:other', expected: undefined },
] as const;

for (const { text, expected } of hosts) {
  test(`host ${text}`, () => assert.equal(parseExtraHost(text), expected));
}

test('pairs have the last value of a key', () => {
  const pairs = parsePairs(['a=1', 'b=x=y', 'c', 'a=2', '=d', '__proto__=e']);
  assert.deepEqual(Object.entries(pairs), [
    ['a', '2'],
    ['b', 'x=y'],
    ['c', ''],
    ['', 'd'],
    ['__proto__', 'e'],
  ]);
});
