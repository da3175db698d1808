import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

const URL = 'https://v.vault.azure.net/secrets/x';
const SECRETS = `secrets: [{id: x, keyvault: "${URL}"}]\n`;

const cases = [
  { name: 'the line after rendering', task: 'steps:\n  - cmd: a\n    {{.Secrets.x}}: b\n' },
  { name: 'a shell cure', task: 'steps:\n  - cmd: alpine echo {{.Secrets.x}} | cat\n' },
  { name: 'a variable without value', task: 'steps:\n  - cmd: a\n    env: ["{{.Secrets.x}}"]\n' },
  { name: 'a word that is no option', task: 'steps:\n  - cmd: a\n    when: ["{{.Secrets.x | upper}}"]\n' },
  { name: 'an image', task: 'steps:\n  - push: ["UP/{{.Secrets.x}}"]\n' },
  { name: 'base64', task: 'steps:\n  - cmd: a\n    when: ["{{.Secrets.x | b64enc}}"]\n' },
  { name: 'a template error', task: 'steps:\n  - cmd: a {{if .Secrets.x}}{{fail .Secrets.x}}{{end}}\n' },
  { name: 'a pattern', task: 'steps:\n  - cmd: a {{if .Secrets.x}}{{regexFind (print "(" .Secrets.x) "a"}}{{end}}\n' },
  {
    name: 'the directive of an alias section',
    task: 'version: v1.1.0\nalias:\n  directive: {{.Secrets.x | b64enc | quote}}\nsteps: [{cmd: a}]\n',
  },
] as const;

const values = ['hunter2', 'Hunter2 Second', `it's,"hunter2`, `hunter2${'z'.repeat(2000)}`];

for (const { name, task } of cases) {
  test(`${name} tells no secret`, () => {
    for (const value of values) {
      const secrets = { kind: 'resolved', values: new Map([[URL, value]]) } as const;
      const plan = compileTask({
        taskText: SECRETS + task,
        fileName: 'f',
        context: testContext(),
        unsupported: 'warning',
        secrets,
      });
      const found = plan.ok ? plan.warnings : plan.diagnostics;
      const told = found.map(({ message, hint }) => `${message}\n${hint}`).join('\n');
      assert.match(told, /\*\*\*/, told);
      assert.doesNotMatch(told, /hunter|second|aHVudGVyM|SHVudGVyM|zzz/i, told);
    }
  });
}
