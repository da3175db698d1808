import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineTask, definitionOf, patchTask, taskKey } from '../../../src/core/task/define-task.ts';
import { NO_SECRETS } from '../../../src/core/task/secrets.ts';
import type { TaskDefinition } from '../../../task-schemas/index.ts';
import { aTask } from '../../support/fakes/task.ts';

const request = { kind: 'encoded-task', source: { kind: 'none' }, taskText: 'steps: []' } as const;
const definition: TaskDefinition = { request, pool: 'arm', tags: { team: 'a' } };
const before = {
  task: aTask({ name: 'Nightly', revision: 3, pool: 'x' }),
  secrets: { set: { a: '1' }, buildArgs: {} },
};

test('a new task is enabled, of revision 1, and as old as its change', () => {
  assert.deepEqual(defineTask('app', { ...definition, secrets: { set: { b: '2', a: '1' } } }, undefined, 5), {
    ok: true,
    value: {
      task: {
        name: 'app',
        ...definition,
        enabled: true,
        secretNames: { set: ['a', 'b'], buildArgs: [] },
        createdAt: 5,
        updatedAt: 5,
        revision: 1,
      },
      secrets: { set: { a: '1', b: '2' }, buildArgs: {} },
    },
    warnings: [],
  });
});

test('a task that is written anew keeps its age, the spelling of its name and its secrets, and nothing else', () => {
  const written = defineTask('NIGHTLY', { request }, before, 9);
  assert.ok(written.ok);
  assert.deepEqual(written.value.task, {
    name: 'Nightly',
    request,
    enabled: true,
    secretNames: { set: ['a'], buildArgs: [] },
    createdAt: 1_000,
    updatedAt: 9,
    revision: 4,
  });
  assert.deepEqual(written.value.secrets, before.secrets);
});

test('what a patch does not name stays', () => {
  const patched = patchTask(before, { enabled: false, secrets: { set: { a: null } } }, 9);
  assert.ok(patched.ok);
  const { pool, enabled, request: same, secretNames } = patched.value.task;
  assert.deepEqual([pool, enabled, same, secretNames.set], ['x', false, before.task.request, []]);
  const disabled = { task: patched.value.task, secrets: NO_SECRETS };
  const again = patchTask(disabled, { pool: 'y' }, 10);
  assert.equal(again.ok && again.value.task.enabled, false, 'a patch does not enable a task');
});

test('a task written from its own definition is the same', () => {
  const { task } = before;
  const same = defineTask(task.name, definitionOf(task), before, task.updatedAt);
  assert.deepEqual(same.ok && same.value.task, { ...task, revision: 4, secretNames: { set: ['a'], buildArgs: [] } });
});

test('all that is wrong is told at once', () => {
  const upload = { kind: 'upload', uploadId: 'u000000000000000' } as const;
  const wrong = defineTask(
    'app',
    { request: { ...request, source: upload }, secrets: { buildArgs: { a: '1' } } },
    undefined,
    5,
  );
  assert.deepEqual(wrong.ok || wrong.diagnostics.map(({ code, hint }) => [code, hint !== undefined]), [
    ['task-source-uploaded', true],
    ['task-secret-unused', true],
  ]);
  const token = { kind: 'git', repository: 'https://me:hush@git.test/a.git' } as const;
  const leaking = defineTask('app', { request: { ...request, source: token } }, undefined, 5);
  assert.ok(!leaking.ok);
  assert.doesNotMatch(JSON.stringify(leaking), /hush/);
});

test('names that differ in case only are one', () => {
  assert.equal(taskKey('NightLy'), taskKey('nightly'));
});
