import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

/** All findings as `code line:column+length`. */
function findings(taskText: string): readonly string[] {
  const result = compileTask({ taskText, fileName: 'task.yaml', context: testContext() });
  const found = result.ok ? result.warnings : result.diagnostics;
  return found.map(({ code, place }) => `${code} ${place?.line}:${place?.column}+${place?.length}`);
}

const loop = 'steps:\n{{- range list "a" "b" }}\n  - cmd: alpine {{ . }}\n    timeout: ten\n{{- end }}\n';
const cases = [
  { name: 'in a loop, once', text: loop, found: ['yaml-type 4:14+3'] },
  { name: 'behind a loop', text: `${loop.replace('ten', '10')}stepTimeout: ten\n`, found: ['yaml-type 6:14+3'] },
  {
    name: 'behind a comment and a condition',
    text: '# one\n{{ if true }}\nsteps:\n# two\n  - cmd: a\n    timeout: ten\n{{ end }}\n',
    found: ['yaml-type 6:14+3'],
  },
  {
    name: 'in each turn of a loop that differs',
    text: 'steps:\n{{- range list "x" "y" }}\n  - cmd: alpine\n    timeout: {{ . }}\n{{- end }}\n',
    found: ['yaml-type 4:14+7', 'yaml-type 4:14+7'],
  },
  {
    name: 'in a loop of an alias section',
    text: 'version: v1.1.0\nalias:\n  values:\n{{- range list 1 2 }}\n    a: b\n    c-{{ . }}: d\n{{- end }}\nsteps:\n  - cmd: a\n',
    found: ['yaml-duplicate-key 5:5+1', 'alias-invalid-key 6:5+9', 'alias-invalid-key 6:5+9'],
  },
] as const;

for (const { name, text, found } of cases) {
  test(`a mistake ${name}`, () => assert.deepEqual(findings(text).toSorted(), [...found].toSorted()));
}
