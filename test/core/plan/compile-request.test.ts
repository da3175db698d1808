import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRequest } from '../../../src/core/plan/compile-request.ts';
import type { RunRequest } from '../../../task-schemas/index.ts';
import { testContext } from '../../support/run-context.ts';

const source = { kind: 'none' } as const;
const text = 'version: v1.1.0\nalias: {src: [a.yaml]}\nsteps: [{cmd: bash $x {{.Values.y}}}]';
const options = { aliasSources: new Map([['a.yaml', 'x: one']]), imageAliases: new Map([['bash', 'my/bash']]) };

const requests = [
  {
    name: 'a task file of the source',
    request: { kind: 'task-file', source, taskFile: 't.yaml', set: { y: 'two' } },
    taskText: text,
  },
  {
    name: 'a task that comes with the request',
    request: { kind: 'encoded-task', source, taskText: text, valuesText: 'y: two' },
    taskText: undefined,
  },
] as const satisfies readonly { name: string; request: RunRequest; taskText: string | undefined }[];

for (const { name, request, taskText } of requests) {
  test(name, () => {
    const result = compileRequest(request, taskText, testContext(), options);
    assert.ok(result.ok);
    const [step] = result.value.steps;
    assert.deepEqual(step?.kind === 'cmd' ? [step.image, ...step.args] : [], ['my/bash', 'one', 'two']);
  });
}

test('a one-off build knows the registries of the installation', () => {
  const request = { kind: 'docker-build', source, images: ['ghcr.io/a'] } as const satisfies RunRequest;
  const result = compileRequest({ ...request, images: [...request.images] }, undefined, testContext(), {
    knownRegistries: ['ghcr.io'],
  });
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.steps.map((step) => (step.kind === 'push' ? step.images : step.kind)),
    ['build', ['ghcr.io/a:latest']],
  );
});

test('messages name the file that was asked for', () => {
  const request = { kind: 'encoded-task', source, taskText: 'steps: [{cmd: A}]', taskName: 'nightly.yaml' } as const;
  const result = compileRequest(request, undefined, testContext());
  assert.equal(result.ok ? undefined : result.diagnostics[0]?.place?.file, 'nightly.yaml');
});

test('a task file that the source does not have', () => {
  const result = compileRequest({ kind: 'task-file', source, taskFile: 'x.yaml' }, undefined, testContext());
  assert.ok(!result.ok);
  assert.deepEqual(
    result.diagnostics.map(({ code, message }) => [code, message]),
    [['task-file-missing', 'The source has no file "x.yaml"']],
  );
});
