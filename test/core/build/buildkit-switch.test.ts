import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBuildKitSwitch } from '../../../src/core/build/buildkit-switch.ts';

for (const [kind, values] of [
  ['on', ['1', 't', 'TRUE', 'true', 'True', 'T']],
  ['off', ['0', 'f', 'FALSE', 'false', 'False', 'F']],
  ['unreadable', ['no', 'off', 'tRUE', '2', ' 1']],
  ['unsaid', ['']],
] as const) {
  for (const value of values) {
    test(`DOCKER_BUILDKIT=${value} is ${kind}`, () => {
      assert.equal(readBuildKitSwitch(['DOCKER_BUILDKIT=x', `DOCKER_BUILDKIT=${value}`, 'A=1']).kind, kind);
    });
  }
}

test('a step that does not say it', () => assert.deepEqual(readBuildKitSwitch(['A=1']), { kind: 'unsaid' }));
