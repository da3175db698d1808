import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChallenge } from '../../../src/adapters/registry/challenge.ts';

const bearer = (realm: string, service?: string, scope?: string) => ({ kind: 'bearer', realm, service, scope });

const cases = [
  { header: 'Basic realm="registry"', expected: { kind: 'basic' } },
  {
    header: 'Bearer realm="https://a.test/token",service="a.test",scope="repository:team/app:pull,push"',
    expected: bearer('https://a.test/token', 'a.test', 'repository:team/app:pull,push'),
  },
  { header: 'bearer realm=https://a.test/token , service=x', expected: bearer('https://a.test/token', 'x') },
  { header: 'Basic realm="a, b", Bearer realm="https://a.test/t"', expected: bearer('https://a.test/t') },
  { header: 'Bearer realm="say \\"x\\""', expected: bearer('say "x"') },
  { header: 'Bearer service="a.test"', expected: undefined },
  { header: 'Negotiate', expected: undefined },
  { header: '', expected: undefined },
];

for (const { header, expected } of cases) {
  test(`a challenge: ${header || 'nothing'}`, () => assert.deepEqual(parseChallenge(header), expected));
}
