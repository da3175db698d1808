import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newRun } from '../../../src/core/run/new-run.ts';
import type { RunRequest } from '../../../task-schemas/index.ts';

const given = {
  id: 'r0000001',
  trigger: { kind: 'manual', by: 'ada' },
  platform: 'linux/amd64',
  pool: 'default',
  now: 1_000,
} as const;
const source = { kind: 'none' } as const;

test('a new run waits, and has what the request leaves open', () => {
  const request: RunRequest = { kind: 'docker-build', source, images: ['a'] };
  assert.deepEqual(newRun({ ...given, request }), {
    id: 'r0000001',
    status: 'Queued',
    request,
    trigger: given.trigger,
    platform: 'linux/amd64',
    pool: 'default',
    timeoutSeconds: 3600,
    losses: 0,
    attempt: 0,
    queuedAt: 1_000,
    steps: [],
    outputImages: [],
    logArchived: false,
  });
});

test('what the request says goes before', () => {
  const run = newRun({
    ...given,
    request: { kind: 'task-file', source, taskFile: 'ci/task.yaml', platform: 'linux/arm64', timeoutSeconds: 5 },
  });
  assert.deepEqual([run.platform, run.timeoutSeconds, run.taskName], ['linux/arm64', 5, 'ci/task.yaml']);
});

test('an encoded task is found under the name it was given', () => {
  const request: RunRequest = { kind: 'encoded-task', source, taskText: 'steps: []', taskName: 'nightly' };
  assert.equal(newRun({ ...given, request }).taskName, 'nightly');
});
