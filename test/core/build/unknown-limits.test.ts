import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseUnknownLimits } from '../../../src/core/build/unknown-limits.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';

const ulimits = [{ name: 'nofile', soft: 1, hard: 1 }];
const cases = [
  { name: 'both on an old engine', step: { shmSizeBytes: 1, ulimits }, api: '1.41', says: /--shm-size and --ulimit/ },
  { name: 'one on an old engine', step: { ulimits }, api: '1.41', says: /with --ulimit, which/ },
  { name: 'a new engine', step: { shmSizeBytes: 1 }, api: '1.42', says: undefined },
];

for (const { name, step, api, says } of cases) {
  test(`limits of a build: ${name}`, () => {
    const refusal = refuseUnknownLimits(buildStep('b', step), api, '20.10.24');
    if (says === undefined) assert.equal(refusal, undefined);
    else assert.match(refusal?.message ?? '', says);
  });
}
