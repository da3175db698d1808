import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taskRunRequest } from '../../../src/core/task/task-request.ts';
import type { RunRequest, TaskRunOverrides } from '../../../task-schemas/index.ts';
import { aTask } from '../../support/fakes/task.ts';

const source = { kind: 'git', repository: 'https://git.test/app.git' } as const;
const build: RunRequest = { kind: 'docker-build', source, images: ['app'], buildArgs: { A: '1', B: '1' }, target: 'x' };
const file: RunRequest = { kind: 'task-file', source, taskFile: 'acb.yaml', set: { a: '1' } };
const encoded: RunRequest = { kind: 'encoded-task', source: { kind: 'none' }, taskText: 'steps: []' };

function requestOf(request: RunRequest, overrides: TaskRunOverrides) {
  return taskRunRequest(aTask({ request }), overrides);
}

test('without overrides a run does what its task says', () => {
  for (const request of [build, file, encoded]) {
    assert.deepEqual(requestOf(request, {}), { ok: true, value: request, warnings: [] });
  }
});

test('values and build arguments are added by name, everything else is replaced', () => {
  const other = { ...source, ref: 'dev' };
  assert.deepEqual(requestOf(build, { buildArgs: { B: '2', C: '2' }, target: 'y', source: other }), {
    ok: true,
    value: { ...build, source: other, target: 'y', buildArgs: { A: '1', B: '2', C: '2' } },
    warnings: [],
  });
  assert.deepEqual(requestOf(file, { set: { b: '2' }, taskFile: 'x.yaml', noCache: true, timeoutSeconds: 5 }), {
    ok: true,
    value: { ...file, taskFile: 'x.yaml', set: { a: '1', b: '2' }, noCache: true, timeoutSeconds: 5 },
    warnings: [],
  });
  assert.deepEqual(requestOf(encoded, { set: { b: '2' } }), {
    ok: true,
    value: { ...encoded, set: { b: '2' } },
    warnings: [],
  });
});

test('every override that would change nothing is refused, with those that fit', () => {
  const wrong = requestOf(build, { set: { a: 'b' }, taskFile: 'x', dockerfile: 'D' });
  assert.ok(!wrong.ok);
  assert.deepEqual(
    wrong.diagnostics.map(({ message }) => message),
    [
      'Task "nightly" builds from a Dockerfile: "set" changes nothing of it.',
      'Task "nightly" builds from a Dockerfile: "taskFile" changes nothing of it.',
    ],
  );
  assert.match(wrong.diagnostics[0]?.hint ?? '', /source, .*dockerfile, target, buildArgs/);
});

test('secrets are no part of the request', () => {
  assert.doesNotMatch(JSON.stringify(requestOf(encoded, { secrets: { set: { a: 'hush' } } })), /hush|secrets/);
});
