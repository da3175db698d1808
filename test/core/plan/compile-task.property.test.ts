/** Whatever a text says, compiling it gives a plan or diagnostics: generated task files, and real ones with damage. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { compileTask, type TaskInput } from '../../../src/core/plan/compile-task.ts';
import { RunPlan } from '../../../task-schemas/index.ts';
import { readCases } from '../../conformance/case.ts';
import { mutated } from '../../support/arbitraries/mutation.ts';
import { tries } from '../../support/arbitraries/property.ts';
import { taskText } from '../../support/arbitraries/task-text.ts';
import { taskPiece } from '../../support/arbitraries/wild-task.ts';
import { testContext } from '../../support/run-context.ts';
import { assertSound } from '../../support/sound-result.ts';

const VALUES = 'i: -3\nl: [1, a, ~]\nm: {k: ~, __proto__: x}';
const ALIASES = new Map([['https://example.com/aliases.yaml', 'a: busybox:1\nconstructor: x\n']]);

/** Real task files: the example's, and others with all the language has. */
const REAL = [
  readFileSync(join(import.meta.dirname, '../../../examples/hello/task.yaml'), 'utf8'),
  'version: v1.1.0\nalias:\n  values:\n    repo: myrepo\nsteps:\n  - build: -t $Registry/$repo:$ID -f Dockerfile .\n  - push: ["$Registry/$repo:$ID"]\n',
  'steps:\n  - id: a\n    cmd: |\n      -e A=1 alpine sh -c \'\n      # x\n      echo "{{.Run.ID}}" | cat\'\n    when: ["-"]\n  - cmd: b\n    when: [a]\n',
  'common: &c {timeout: 5, retries: 2}\nenv: [A=1]\nsteps:\n  - <<: *c\n    cmd: a\n  - {<<: *c, build: "-t x ."}\n{{range .Values.l}}  - cmd: e {{.}}\n{{end}}',
  'version: v1.0.0\nstepTimeout: 600\nsecrets:\n  - id: key\n    keyvault: https://v.vault.azure.net/secrets/key\nnetworks:\n  - name: back\n    driver: bridge\nvolumes:\n  - name: files\n    secret:\n      a.txt: aGk=\nsteps:\n  - id: web\n    cmd: nginx:1 # serves\n    detach: true\n    ports: [8080:80]\n    network: back\n    volumeMounts:\n      - name: files\n        mountPath: /run/files\n  - id: check\n    cmd: bash -c "\n      curl http://web |\n      grep <<.Run.ID>>"\n    when:\n      - web\n    retries: 3\n    retryDelay: 010\n    ignoreErrors: yes\n',
];

/** The task files of the recorded cases, right and wrong ones. */
const RECORDED = readCases(join(import.meta.dirname, '../../conformance/cases')).flatMap((read) => {
  const task = read.kind === 'case' ? read.recorded.given.task : undefined;
  return typeof task === 'string' && task.length < 4000 ? [task] : [];
});

/** Compiles a text twice and checks all that must hold of any text. */
function check(text: string): void {
  const prototype = Reflect.ownKeys(Object.prototype);
  const input: TaskInput = {
    taskText: text,
    fileName: 'task.yaml',
    context: testContext(),
    valuesText: VALUES,
    set: { 'a.b': '{{x}}', s: 'set' },
    defaults: { workingDirectory: 'sub', env: ['D=1', 'E=2,F=3'] },
    aliasSources: ALIASES,
  };
  const before = structuredClone(input);
  const result = compileTask(input);
  assertSound(result, { 'task.yaml': text, values: VALUES });
  // The second time costs as much as the first: a share of the texts is enough.
  if (text.length % 8 === 0) assert.deepEqual(compileTask(input), result, 'the same text gives the same result');
  assert.deepEqual(input, before, 'what goes in stays as it is');
  assert.deepEqual(Reflect.ownKeys(Object.prototype), prototype);
  if (result.ok) checkPlan(result.value);
}

/** A plan keeps its schema, survives JSON, and its steps wait for steps above them only. */
function checkPlan(plan: RunPlan): void {
  assert.deepEqual([...Value.Errors(RunPlan, plan)], []);
  assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
  const above = new Set<string>();
  for (const { id, dependsOn } of plan.steps) {
    for (const name of dependsOn) assert.ok(above.has(name), `"${id}" waits for "${name}"`);
    assert.ok(!above.has(id), `"${id}" is there twice`);
    above.add(id);
  }
}

test('the real task files are right before they are damaged', () => {
  assert.ok(RECORDED.length > 150, `${RECORDED.length} recorded ones`);
  for (const text of REAL.slice(0, 4)) assert.deepEqual(compiles(text), []);
});

function compiles(taskText: string): readonly string[] {
  const result = compileTask({ taskText, fileName: 'task.yaml', context: testContext(), valuesText: VALUES });
  return result.ok ? [] : result.diagnostics.map(({ message }) => message);
}

test('ten thousand generated task files', () => {
  fc.assert(fc.property(taskText, check), tries(10_000));
});

test('three thousand times a real task file with damage', () => {
  fc.assert(fc.property(mutated(fc.constantFrom(...REAL, ...RECORDED), taskPiece), check), tries(3000));
});
