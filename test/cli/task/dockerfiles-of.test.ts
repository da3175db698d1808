import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerfilesOf } from '../../../src/cli/task/dockerfiles-of.ts';
import { compileTask } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

const cases = [
  { build: '.', expected: ['Dockerfile'] },
  { build: '-f docker/web.Dockerfile web', expected: ['docker/web.Dockerfile'] },
  { build: './web/', expected: ['web/Dockerfile'] },
  { build: 'https://example.com/x.git', expected: [] },
  { build: '-f other git@example.com:x.git', expected: [] },
  { build: 'github.com/example/x', expected: [] },
] as const;

for (const { build, expected } of cases) {
  test(`build: ${build}`, () => {
    const taskText = `steps:\n  - build: ${build}\n`;
    const plan = compileTask({ taskText, fileName: 'task.yaml', context: testContext() });
    assert.ok(plan.ok);
    assert.deepEqual(dockerfilesOf(plan.value), expected);
  });
}
