import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteRange } from '../../src/api/byte-range.ts';

const part = (start: number, end: number) => ({ kind: 'part', start, end }) as const;
const whole = { kind: 'whole' } as const;
const unsatisfiable = { kind: 'unsatisfiable' } as const;

const cases = [
  { header: 'bytes=0-0', expected: part(0, 1) },
  { header: 'bytes=2-5', expected: part(2, 6) },
  { header: 'bytes=2-', expected: part(2, 10) },
  { header: 'bytes=9-', expected: part(9, 10) },
  { header: 'bytes=2-99', expected: part(2, 10) },
  { header: 'bytes=-3', expected: part(7, 10) },
  { header: 'bytes=-99', expected: part(0, 10) },
  { header: 'bytes= 0 - 3', expected: part(0, 4) },
  { header: 'bytes=10-', expected: unsatisfiable },
  { header: 'bytes=10-12', expected: unsatisfiable },
  { header: 'bytes=-0', expected: unsatisfiable },
  { header: 'bytes=5-2', expected: whole },
  { header: 'bytes=0-1,3-4', expected: whole },
  { header: 'bytes=-', expected: whole },
  { header: 'lines=0-1', expected: whole },
  { header: 'nonsense', expected: whole },
] as const;

for (const { header, expected } of cases) {
  test(`${header} of 10 bytes`, () => assert.deepEqual(byteRange(header, 10), expected));
}

test('nothing of an empty content can be had', () => assert.deepEqual(byteRange('bytes=0-', 0), unsatisfiable));
