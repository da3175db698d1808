import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCacheOption } from '../../../../src/core/plan/build/cache-options.ts';

for (const [flag, value, text] of [
  ['cache-from', 'r.test/a:1', 'r.test/a:1'],
  ['cache-from', 'type=registry,ref=r.test/a:1', 'r.test/a:1'],
  ['cache-to', 'r.test/a:1', 'type=registry,ref=r.test/a:1'],
  ['cache-to', 'ref=r.test/a:1, type=registry, mode=max', 'type=registry,ref=r.test/a:1,mode=max'],
  ['cache-to', 'type=inline', 'type=inline'],
] as const) {
  test(`--${flag} ${value}`, () => assert.deepEqual(readCacheOption(flag, value), { kind: 'cache', text }));
}

for (const [flag, value, says] of [
  ['cache-to', 'type=local,dest=/x', /build-option-value .*type=registry,ref=IMAGE/],
  ['cache-from', 'type=inline', /build-option-value .*type=registry,ref=IMAGE/],
  ['cache-to', 'type=registry,ref=A/b', /image-invalid .*A\/b/],
  ['cache-to', 'type=registry,ref=a/b,mode=most', /"mode=most" means nothing.*mode is min or max/],
  ['cache-to', 'type=registry,ref=a/b,registry.insecure=true', /"registry.insecure=true" means nothing/],
  ['cache-to', 'type=registry,ref=a/b,constructor=x', /"constructor=x" means nothing/],
] as const) {
  test(`what --${flag} cannot be is told with its cure: ${value}`, () => {
    const read = readCacheOption(flag, value);
    assert.ok(read.kind === 'wrong');
    assert.match(`${read.code} ${read.message} ${read.hint}`, says);
  });
}
