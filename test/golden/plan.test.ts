import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { renderDiagnostics } from '../../src/core/diagnostic.ts';
import { compileTask } from '../../src/core/plan/compile-task.ts';
import { SHARED_VOLUME } from '../../src/core/run/run-context.ts';
import { RunPlan } from '../../task-schemas/index.ts';
import { testContext } from '../support/run-context.ts';

/**
 * Pairs of a task file and its plan with all warnings: `NAME.yaml`, perhaps `NAME.values.yaml`, and `NAME.plan.json`.
 * `UPDATE_GOLDEN=1` writes the plans anew; format them, and read the difference before you commit it.
 */
const folder = join(import.meta.dirname, 'plan');
const update = process.env.UPDATE_GOLDEN === '1';
const names = readdirSync(folder).flatMap((file) => /^([a-z-]+)\.yaml$/.exec(file)?.[1] ?? []);
const examples = join(import.meta.dirname, '../../examples');

test('the pairs are there', () => assert.ok(names.length >= 6, names.join()));

for (const name of names) {
  test(`golden plan: ${name}`, () => check(name, join(folder, `${name}.yaml`), join(folder, `${name}.plan.json`)));
}

test('golden plan: the example that is built by hand', () =>
  check('hello', join(examples, 'hello/task.yaml'), join(folder, 'hello.plan.json')));

function check(name: string, file: string, golden: string): void {
  const valuesFile = file.replace(/\.yaml$/, '.values.yaml');
  const result = compileTask({
    taskText: readFileSync(file, 'utf8'),
    fileName: `${name}.yaml`,
    context: testContext({ commit: 'abc123', taskName: 'nightly', sharedVolume: SHARED_VOLUME }),
    valuesText: existsSync(valuesFile) ? readFileSync(valuesFile, 'utf8') : undefined,
    unsupported: 'warning',
  });
  assert.ok(result.ok, result.ok ? '' : renderDiagnostics(result.diagnostics));
  assert.deepEqual([...Value.Errors(RunPlan, result.value)], []);
  const warnings = result.warnings.map(
    ({ code, place, message }) => `${place?.line}:${place?.column} ${code}: ${message}`,
  );
  const text = `${JSON.stringify({ warnings, plan: result.value }, undefined, 2)}\n`;
  if (update) writeFileSync(golden, text);
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(golden, 'utf8')));
}
