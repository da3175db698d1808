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

test('secrets that an alias names have values too', () => {
  const values = new Map([['https://v/secrets/x', 'hush']]);
  const taskText = `version: v1.1.0
alias:
  values:
    part: "sec"
    end: "rets"
$part$end: [{id: x, keyvault: "https://v/$part$end/x"}]
steps: [{cmd: "a {{.Secrets.x}}"}]
`;
  const plan = compile({ taskText, secrets: { kind: 'resolved', values } });
  assert.ok(plan.ok, JSON.stringify(plan));
  assert.deepEqual(plan.value.steps[0]?.kind === 'cmd' && plan.value.steps[0].args, ['hush']);
});

test('the word in a comment names no secrets', () => {
  const taskText = '# secrets\nsteps: [{cmd: "a {{required "none" .Secrets.x}}"}]\n';
  const plan = compile({ taskText });
  assert.deepEqual(!plan.ok && plan.diagnostics.map(({ place }) => place?.line), [2]);
});

test('a value is found by any form of its URL', () => {
  const taskText = 'secrets: [{id: x, keyvault: "https://V/secrets/pw/"}]\nsteps: [{cmd: "a {{.Secrets.x}}"}]\n';
  const values = new Map([['HTTPS://v/secrets/PW?x=1', 'hush']]);
  const plan = compile({ taskText, secrets: { kind: 'resolved', values } });
  assert.deepEqual(plan.ok && plan.value.steps[0]?.kind === 'cmd' && plan.value.steps[0].args, ['hush']);
});

test('a secret without a value is told with the URLs that have one, at most ten', () => {
  const taskText = 'secrets: [{id: x, keyvault: "https://v/secrets/x"}]\nsteps: [{cmd: a}]\n';
  const hintOf = (count: number) => {
    const values = new Map(Array.from({ length: count }, (_, index) => [`https://v/secrets/n${index}`, 'hush']));
    const plan = compile({ taskText, secrets: { kind: 'resolved', values } });
    return plan.ok ? '' : (plan.diagnostics[0]?.hint ?? '');
  };
  assert.match(hintOf(0), /No secret has a value/);
  assert.match(hintOf(2), /values of https:\/\/v\/secrets\/n0, https:\/\/v\/secrets\/n1\.$/m);
  assert.match(hintOf(12), /n9 and 2 more\.$/m);
});

test('what is no URL of a secret draws a warning at its place', () => {
  const taskText = 'secrets:\n  - id: x\n    keyvault: http://v/secrets/x\nsteps: [{cmd: a}]\n';
  const plan = compile({ taskText });
  assert.ok(plan.ok);
  const [found] = plan.warnings.filter(({ code }) => code === 'secret-url');
  assert.deepEqual([found?.severity, found?.place?.line, found?.place?.column], ['warning', 3, 15]);
  assert.match(`${found?.message} ${found?.hint}`, /does not begin with https.*Write https:/);
});

test('a task with mistakes is not asked for its secrets first', () => {
  const plan = compile({ secrets: resolved(), taskText: TASK.replace('id: token', 'id: to ken') });
  assert.deepEqual(
    !plan.ok && plan.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ['secret-id-space'],
  );
});

test('a secret that could not be read is told with the reason and the cure of its store', () => {
  const missing = { reason: 'the store is closed', hint: 'Open it.' };
  const unavailable = new Map([['https://v.vault.azure.net/secrets/key', missing]]);
  const plan = compile({ secrets: { ...resolved('token'), unavailable } });
  assert.ok(!plan.ok);
  assert.deepEqual(
    plan.diagnostics
      .filter(({ code }) => code === 'secret-unresolved')
      .map(({ message, hint }) => [message, hint?.split('\n')[0]]),
    [
      [
        'The secret "r1234567_key" cannot be read from "https://v.vault.azure.net/secrets/key": the store is closed',
        'Open it.',
      ],
    ],
  );
});

test('the short addresses of other stores draw no warning', () => {
  const addresses = ['env:A', 'file:a', 'folder:a', 'vault:kv/a#b'];
  const secrets = addresses.map((address, index) => `  - {id: s${index}, keyvault: "${address}"}\n`).join('');
  const plan = compile({ taskText: `secrets:\n${secrets}steps: [{cmd: a}]\n` });
  assert.deepEqual(plan.ok && plan.warnings, []);
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
