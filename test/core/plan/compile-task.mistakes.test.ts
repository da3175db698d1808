import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

/** The codes of all errors, sorted; warnings are left out. */
function errorsOf(taskText: string): readonly string[] {
  const result = compileTask({ taskText, fileName: 'task.yaml', context: testContext() });
  const found = result.ok ? [] : result.diagnostics.filter(({ severity }) => severity === 'error');
  return found.map(({ code }) => code).sort();
}

/** Whatever is wrong with a step is told, also when it is no step at all. */
const steps = [
  { step: 'cmd:', errors: ['step-missing-type'] },
  { step: 'cmd: ~\n    build: ""\n    push: []', errors: ['step-missing-type'] },
  { step: 'cmd: [a]', errors: ['yaml-type'] },
  { step: 'id: a\n    retries: -1', errors: ['step-invalid-retries', 'step-missing-type'] },
  { step: 'cmd: a\n    build: .\n    repeat: -1', errors: ['step-invalid-repeat', 'step-multiple-types'] },
  { step: 'id: a b', errors: ['step-id-space', 'step-missing-type'] },
  { step: 'id: a\n    when: [a]', errors: ['step-missing-type', 'step-self-dependency'] },
  { step: 'id: a\n    when: [zz]', errors: ['step-missing-type', 'step-unknown-dependency'] },
  { step: 'id: a\n    cache: on', errors: ['step-invalid-cache', 'step-missing-type'] },
  {
    step: 'id: acb_root\n    cmd: a\n    when: [acb_root]',
    errors: ['step-id-reserved', 'step-self-dependency'],
  },
  { step: 'push: [a]\n    volumeMounts: []', errors: [] },
  {
    step: 'push: [a]\n    volumeMounts: [{name: v, mountPath: /a}]',
    errors: ['mount-not-allowed', 'mount-unknown-volume'],
  },
] as const;

for (const { step, errors } of steps) {
  test(`a step with ${JSON.stringify(step)}`, () => {
    assert.deepEqual(errorsOf(`steps:\n  - ${step}\n`), errors);
  });
}

test('an alias section that is no YAML is an invalid section', () => {
  assert.deepEqual(errorsOf('version: v1.1.0\nalias:\n  values: {a: [\nsteps:\n  - cmd: a\n'), ['alias-invalid']);
});
