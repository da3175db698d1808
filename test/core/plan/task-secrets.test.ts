import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask, type TaskInput } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

const TASK = `secrets:
  - id: token
    keyvault: {{.Values.vault}}/secrets/token
  - id: {{.Run.ID}}_key
    keyvault: {{.Values.vault}}/secrets/key
    clientID: c72b2df0-b9d8-4ac6-9363-7c1eb06c1c86
volumes:
  - name: v
    secret: {key: "{{.Secrets.r1234567_key | b64enc}}"}
steps:
  - cmd: a {{.Secrets.token}} {{.Secrets.nope | upper}}
`;

function compile(more: Partial<TaskInput> = {}) {
  const set = { vault: 'https://v.vault.azure.net' };
  return compileTask({ taskText: TASK, fileName: 'f', context: testContext(), set, unsupported: 'warning', ...more });
}

function resolved(...names: readonly string[]) {
  const values = new Map(names.map((name) => [`https://v.vault.azure.net/secrets/${name}`, `<${name} value>`]));
  return { kind: 'resolved', values } as const;
}

test('a plan that is shown has names in place of values', () => {
  const plan = compile();
  assert.ok(plan.ok);
  assert.deepEqual(plan.value.secrets, [
    { id: 'token', keyvault: 'https://v.vault.azure.net/secrets/token' },
    {
      id: 'r1234567_key',
      keyvault: 'https://v.vault.azure.net/secrets/key',
      clientId: 'c72b2df0-b9d8-4ac6-9363-7c1eb06c1c86',
    },
  ]);
  const [step] = plan.value.steps;
  assert.deepEqual(step?.kind === 'cmd' && step.args, ['secret:token']);
  assert.deepEqual(plan.value.volumes, [{ name: 'v', files: ['key'] }]);
  assert.deepEqual(
    plan.warnings.map(({ code }) => code).filter((code) => code !== 'not-supported-yet'),
    ['template-unknown-field'],
  );
});

test('a plan that is carried out has the values in its texts, and not elsewhere', () => {
  const plan = compile({
    secrets: resolved('token', 'key'),
    taskText: TASK.replace('{{.Secrets.token}}', "'{{.Secrets.token}}'"),
  });
  assert.ok(plan.ok);
  const [step] = plan.value.steps;
  assert.deepEqual(step?.kind === 'cmd' && step.args, ['<token value>']);
  const { steps: _, ...rest } = plan.value;
  assert.doesNotMatch(JSON.stringify(rest), /value>/);
});

test('every secret without a value is told at its URL', () => {
  const plan = compile({ secrets: resolved() });
  assert.ok(!plan.ok);
  assert.deepEqual(
    plan.diagnostics.map(({ code, place }) => [code, place?.line]),
    [
      ['secret-unresolved', 3],
      ['secret-unresolved', 5],
    ],
  );
});

test('a task with mistakes is not asked for its secrets first', () => {
  const plan = compile({ secrets: resolved(), taskText: TASK.replace('id: token', 'id: to ken') });
  assert.deepEqual(
    !plan.ok && plan.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ['secret-id-space'],
  );
});

test('to carry it out is an error as long as no worker does', () => {
  const plan = compile({ unsupported: 'error' });
  assert.deepEqual(
    !plan.ok &&
      plan.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, place }) => [code, place?.line]),
    [
      ['not-supported-yet', 1],
      ['not-supported-yet', 7],
    ],
  );
});

test('in a strict file names that mean nothing are errors, and other warnings stay', () => {
  const taskText = 'stpes: []\nsteps:\n  - cmd: a {{.Run.Idd}} $X\n';
  const loose = compileTask({ taskText, fileName: 'f', context: testContext() });
  const strict = compileTask({ taskText, fileName: 'f', context: testContext(), strict: true });
  const told = (found: readonly { readonly severity: string; readonly code: string }[]) =>
    found.map(({ severity, code }) => `${severity} ${code}`);
  assert.deepEqual(loose.ok && told(loose.warnings), [
    'warning unknown-key',
    'warning template-unknown-field',
    'warning cmd-variable',
  ]);
  assert.deepEqual(!strict.ok && told(strict.diagnostics), [
    'error unknown-key',
    'error template-unknown-field',
    'warning cmd-variable',
  ]);
});
