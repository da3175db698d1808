import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask, type TaskInput } from '../../../src/core/plan/compile-task.ts';
import type { RunPlan } from '../../../task-schemas/index.ts';
import { testContext } from '../../support/run-context.ts';

function compile(taskText: string, more: Partial<TaskInput> = {}) {
  return compileTask({ taskText, fileName: 'task.yaml', context: testContext(), ...more });
}

function planOf(taskText: string, more: Partial<TaskInput> = {}): RunPlan {
  const result = compile(taskText, more);
  assert.ok(result.ok, result.ok ? '' : result.diagnostics.map(({ message }) => message).join('\n'));
  return result.value;
}

/** Findings as `code line:column`; warnings begin with `~`. */
function findingsOf(taskText: string, more: Partial<TaskInput> = {}): readonly string[] {
  const result = compile(taskText, more);
  return (result.ok ? result.warnings : result.diagnostics).map(({ severity, code, place }) => {
    const mark = severity === 'warning' ? '~' : '';
    return place === undefined ? `${mark}${code}` : `${mark}${code} ${place.line}:${place.column}`;
  });
}

test('a task that builds, tests and pushes', () => {
  const plan = planOf(`version: v1.0.0
steps:
  - id: build
    build: -t {{.Run.Registry}}/hello:<<.Run.ID>> .
  - id: web
    cmd: "{{.Run.Registry}}/hello:{{.Run.ID}}"
    detach: true
    ports: ["8080:80"]
  - cmd: busybox wget -q -O- http://web
    retries: 3
    retryDelay: 2
  - push: ["{{.Run.Registry}}/hello:{{.Run.ID}}"]
    when: [build]
`);
  assert.deepEqual([plan.runId, plan.version], ['r1234567', 'v1.0.0']);
  assert.deepEqual(
    plan.steps.map(({ id, dependsOn }) => [id, dependsOn]),
    [
      ['build', []],
      ['web', ['build']],
      ['acb_step_2', ['web']],
      ['acb_step_3', ['build']],
    ],
  );
  const [build, web, wget, push] = plan.steps;
  assert.ok(build?.kind === 'build' && web?.kind === 'cmd' && wget?.kind === 'cmd' && push?.kind === 'push');
  assert.deepEqual(
    [build.images, build.context, build.dockerfile],
    [['localhost:5000/hello:r1234567'], '.', 'Dockerfile'],
  );
  assert.deepEqual(
    [web.image, web.detach, web.ports, web.args],
    ['localhost:5000/hello:r1234567', true, ['8080:80'], []],
  );
  assert.deepEqual([wget.args, wget.retries, wget.retryDelaySeconds], [['wget', '-q', '-O-', 'http://web'], 3, 2]);
  assert.deepEqual(push.images, ['localhost:5000/hello:r1234567']);
});

test('contexts that are fetched are planned as they are written', () => {
  for (const context of ['oci://a.io/x:1', 'https://dev.azure.com/o/p/_git/r#main:sub', 'ssh://git@h/x.git']) {
    const text = `steps:\n  - build: -t x ${context}`;
    const [step] = planOf(text).steps;
    assert.equal(step?.kind === 'build' && step.context, context);
    assert.deepEqual(findingsOf(text), []);
  }
});

test('times longer than a day are planned as a day', () => {
  const [step] = planOf('stepTimeout: 999999\nsteps: [{cmd: a, startDelay: 86401, retryDelay: 9999999}]').steps;
  assert.deepEqual([step?.timeoutSeconds, step?.startDelaySeconds, step?.retryDelaySeconds], [86400, 86400, 86400]);
});

test('defaults of a step', () => {
  assert.deepEqual(planOf('steps: [{cmd: a}]').steps, [
    {
      kind: 'cmd',
      id: 'acb_step_0',
      dependsOn: [],
      timeoutSeconds: 600,
      startDelaySeconds: 0,
      retries: 0,
      retryDelaySeconds: 5,
      retryOnErrors: [],
      repeat: 0,
      ignoreErrors: false,
      env: [],
      workingDirectory: '/workspace',
      volumeMounts: [],
      network: 'acb_default_network',
      cmd: 'a',
      image: 'a',
      args: [],
      ports: [],
      expose: [],
      detach: false,
      keep: false,
      pull: false,
      pullRetries: 0,
      pullRetryDelaySeconds: 0,
      privileged: false,
    },
  ]);
});

/** A task with one cmd step: its lines, and a part of what is planned. */
const steps = [
  { name: 'the task’s timeout', text: 'stepTimeout: 20\nsteps: [{cmd: a}]', part: { timeoutSeconds: 20 } },
  {
    name: 'the step’s timeout wins',
    text: 'stepTimeout: 20\nsteps: [{cmd: a, timeout: 7}]',
    part: { timeoutSeconds: 7 },
  },
  {
    name: 'times that are not positive are defaults',
    text: 'stepTimeout: -3\nsteps: [{cmd: a, timeout: -1, retryDelay: -4, startDelay: -5}]',
    part: { timeoutSeconds: 600, retryDelaySeconds: 5, startDelaySeconds: 0 },
  },
  { name: 'a float is cut', text: 'steps: [{cmd: a, timeout: 10.7}]', part: { timeoutSeconds: 10 } },
  {
    name: 'the task’s directory',
    text: 'workingDirectory: x\nsteps: [{cmd: a}]',
    part: { workingDirectory: '/workspace/x' },
  },
  {
    name: 'the step’s directory wins',
    text: 'workingDirectory: x\nsteps: [{cmd: a, workingDirectory: /y}]',
    part: { workingDirectory: '/y' },
  },
  {
    name: 'the option’s directory wins',
    text: 'steps: [{cmd: -w z a, workingDirectory: /y}]',
    part: { workingDirectory: '/workspace/z' },
  },
  {
    name: 'no directory',
    text: 'workingDirectory: x\nsteps: [{cmd: a, disableWorkingDirectoryOverride: true}]',
    part: { workingDirectory: undefined },
  },
  {
    name: 'entry point, user and CPUs',
    text: 'steps: [{cmd: a, entryPoint: sh, user: 1000, cpus: 2}]',
    part: { entrypoint: ['sh'], user: '1000', cpus: 2 },
  },
  { name: 'networks', text: 'steps: [{cmd: a, network: none}]', part: { network: 'none' } },
  {
    name: 'a network that the engine has',
    text: 'steps: [{cmd: a, network: bridge}]',
    part: { network: 'bridge' },
  },
  {
    name: 'env of task, step and option',
    text: 'env: [A=1, B=2]\nsteps: [{cmd: -e C=3 a, env: [A=0]}]',
    part: { env: ['A=0', 'B=2', 'C=3'] },
  },
  {
    name: 'pulling',
    text: 'steps: [{cmd: a, pull: yes, cmdDownloadRetries: 2, cmdDownloadRetryDelay: 3}]',
    part: { pull: true, pullRetries: 2, pullRetryDelaySeconds: 3 },
  },
  { name: 'an id that is a number', text: 'steps: [{cmd: a, id: 012}]', part: { id: '012' } },
  { name: 'an empty id is none', text: 'steps: [{cmd: a, id: ""}]', part: { id: 'acb_step_0' } },
] as const;

for (const { name, text, part } of steps) {
  test(`plan: ${name}`, () => {
    const [step] = planOf(text).steps;
    assert.ok(step !== undefined);
    const entries = new Map(Object.entries(step));
    for (const [field, expected] of Object.entries(part)) assert.deepEqual(entries.get(field), expected, field);
  });
}

test('push steps have no retries of their own', () => {
  const [step] = planOf('steps: [{push: [a], retries: 3, repeat: 2}]').steps;
  assert.deepEqual([step?.retries, step?.repeat], [0, 0]);
});

test('values: a file, and single ones over it', () => {
  const text = 'steps: [{cmd: "a {{.Values.x}} {{.Values.y.z}} {{index .Values `n.m`}}"}]';
  const [step] = planOf(text, { valuesText: 'x: 1\ny: {z: 2}', set: { x: '3', 'n.m': '4' } }).steps;
  assert.deepEqual(step?.kind === 'cmd' ? step.args : [], ['3', '2', '4']);
});

test('a caller’s defaults give way to the task', () => {
  const defaults = { workingDirectory: 'cli', env: ['A=9', 'D=4'] };
  const [plain] = planOf('steps: [{cmd: a}]', { defaults }).steps;
  const [own] = planOf('env: [A=1]\nworkingDirectory: t\nsteps: [{cmd: a}]', { defaults }).steps;
  assert.ok(plain?.kind === 'cmd' && own?.kind === 'cmd');
  assert.deepEqual([plain.env, plain.workingDirectory], [['A=9', 'D=4'], '/workspace/cli']);
  assert.deepEqual([own.env, own.workingDirectory], [['A=1', 'D=4'], '/workspace/t']);
});

test('a comment in a script stays, and its template actions are rendered', () => {
  const [step] = planOf(`# {{ not read
steps:
  - cmd: |
      alpine sh -c '
      # run {{.Run.ID}}
      echo'
`).steps;
  assert.deepEqual(step?.kind === 'cmd' ? step.args : [], ['sh', '-c', '\n# run r1234567\necho']);
});

const empty = ['', '# nothing', 'steps:', 'version: v1.0.0'];
for (const text of empty) {
  test(`${JSON.stringify(text)} is a task without steps`, () => {
    assert.deepEqual(planOf(text).steps, []);
    assert.deepEqual(
      findingsOf(text).map((found) => found.split(' ')[0]),
      ['~no-steps'],
    );
  });
}

test('a mount that is read only', () => {
  const text =
    'volumes: [{name: v, secret: {a: YQ==}}]\nsteps: [{cmd: x, volumeMounts: [{name: v, mountPath: "/a:ro"}]}]';
  const [step] = planOf(text, { unsupported: 'warning' }).steps;
  assert.deepEqual(step?.kind === 'cmd' && step.volumeMounts, [{ volume: 'v', path: '/a', readOnly: true }]);
});

const findings = [
  {
    name: 'all mistakes at once',
    text: 'steps:\n  - cmd: A\n    retries: -1\n  - push: x\n  - id: b\n    when: [zz]\n    cmd: x | y',
    expected: [
      'image-invalid 2:10',
      'step-invalid-retries 3:14',
      'yaml-type 4:11',
      'step-unknown-dependency 6:12',
      'shell-operator 7:12',
    ],
  },
  {
    name: 'a broken step still lends its id',
    text: 'steps:\n- id: a\n- cmd: x\n  when: [a]',
    expected: ['step-missing-type 2:3'],
  },
  {
    name: 'times longer than a day',
    text: `stepTimeout: 86401
steps:
- {cmd: x, timeout: 2147484, startDelay: 86401, retryDelay: 86401, cmdDownloadRetryDelay: 86401}
- {cmd: x, timeout: 86400, startDelay: 86400, retryDelay: 86400, cmdDownloadRetryDelay: 86400}`,
    expected: [
      '~time-too-long 1:14',
      '~time-too-long 3:21',
      '~time-too-long 3:42',
      '~time-too-long 3:61',
      '~time-too-long 3:91',
    ],
  },
  {
    name: 'more steps than a task may have',
    text: `steps:\n${'- cmd: x\n'.repeat(1_001)}`,
    expected: ['too-many-steps 1002:3'],
  },
  { name: 'as many steps as it may have', text: `steps:\n${'- cmd: x\n'.repeat(1_000)}`, expected: [] },
  { name: 'two kinds', text: 'steps:\n- cmd: x\n  build: .', expected: ['step-multiple-types 3:3'] },
  { name: 'an empty step', text: 'steps:\n-\n- cmd: x', expected: ['step-missing-type 2:1'] },
  { name: 'a kind without a value', text: 'steps:\n- cmd:\n- cmd: x', expected: ['step-missing-type 2:3'] },
  {
    name: 'a name without a value',
    text: 'networks:\n- name:\nsteps: [{cmd: x}]',
    expected: ['network-missing-name 2:3'],
  },
  {
    name: 'unknown keys are warnings',
    text: 'steps:\n- cmd: x\n  timeot: 1\ntotalTimeout: 9',
    expected: ['~unknown-key 3:3', '~unknown-key 4:1'],
  },
  {
    name: 'a key of the wrong case',
    text: 'steps:\n- Cmd: x',
    expected: ['~unknown-key 2:3', 'step-missing-type 2:3'],
  },
  { name: 'a repeated key', text: 'steps:\n- cmd: x\n  cmd: y', expected: ['~yaml-duplicate-key 3:3'] },
  { name: 'a repeated version is fine', text: 'version: v1.0.0\nversion: v1.0.0\nsteps: [{cmd: x}]', expected: [] },
  { name: 'a version that is none', text: 'version: v1.2\nsteps: [{cmd: x}]', expected: ['version-unsupported 1:10'] },
  { name: 'versions in capitals', text: 'version: V1.0.0\nsteps: [{cmd: x}]', expected: [] },
  {
    name: 'ids',
    text: 'steps:\n- {id: a b, cmd: x}\n- {id: acb_root, cmd: x}\n- {id: c, cmd: x}\n- {id: c, cmd: x}',
    expected: ['step-id-space 2:8', 'step-id-reserved 3:8', 'step-id-duplicate 5:8'],
  },
  { name: 'an id that is no host name', text: 'steps: [{id: 王明, cmd: x}]', expected: ['~step-id-not-a-host 1:14'] },
  {
    name: 'a dash with others',
    text: 'steps:\n- {id: a, cmd: x}\n- {cmd: y, when: [a, "-"]}',
    expected: ['step-immediate-with-others 3:22'],
  },
  {
    name: 'waiting for itself by its default id',
    text: 'steps: [{cmd: x, when: [acb_step_0]}]',
    expected: ['step-self-dependency 1:25'],
  },
  {
    name: 'cache',
    text: 'steps: [{cmd: x, cache: maybe}, {build: ., cache: Enabled}]',
    expected: ['step-invalid-cache 1:25', '~cache-without-effect 1:51'],
  },
  { name: 'env of the task', text: 'env: [A=1, "L=a,b"]\nsteps: [{cmd: x}]', expected: ['env-invalid 1:12'] },
  { name: 'env of a step', text: 'env: [A=1]\nsteps: [{cmd: x, env: [B=1, NOPE]}]', expected: ['env-invalid 2:29'] },
  { name: 'a variable without value', text: 'steps: [{cmd: x, env: [NOPE]}]', expected: ['~env-without-value 1:24'] },
  {
    name: 'what a push step cannot use',
    text: 'steps: [{push: [a], env: [A=1], detach: true}]',
    expected: ['~property-without-effect 1:21', '~property-without-effect 1:33'],
  },
  {
    name: 'what is not there yet',
    text: 'secrets: [{id: a, keyvault: "env:A"}]\nnetworks: [{name: n}]\nvolumes: [{name: v, secret: {a: b}}]\nsteps: [{cmd: x, volumeMounts: [{name: v, mountPath: /x}]}]',
    expected: ['volume-not-base64 3:33'],
  },
  {
    name: 'what a worker gives only where its policy says so',
    text: 'networks: [{name: n, driver: ipvlan}]\nsteps: [{cmd: -v /etc:/e x, privileged: true, network: host}]',
    expected: [
      '~policy-network-driver 1:30',
      '~policy-host-folder 2:18',
      '~policy-privileged 2:41',
      '~policy-host-network 2:56',
    ],
  },
  {
    name: 'a network that every engine has',
    text: 'networks: [{name: host}, {name: none, skipCreation: true}]\nsteps: [{cmd: x}]',
    expected: ['network-reserved-name 1:19'],
  },
  { name: 'a network nobody declared', text: 'steps: [{cmd: x, network: other}]', expected: ['~network-unknown 1:27'] },
  {
    name: 'ports that are none',
    text: 'steps:\n- cmd: -p 0:1 x\n  ports: [x:y, 99999, "70000:99999", "80"]\n  expose: [x, "1-3/udp"]',
    expected: ['port-invalid 2:11', 'port-invalid 3:11', 'port-invalid 3:16', 'port-invalid 3:23', 'port-invalid 4:12'],
  },
  { name: 'a variable without a name', text: 'steps: [{cmd: x, env: [A=1, "=x"]}]', expected: ['env-invalid 1:29'] },
  { name: 'one of the task', text: 'env: ["A=1,=x"]\nsteps: [{cmd: x}]', expected: ['env-invalid 1:7'] },
  {
    name: 'an entry point with arguments',
    text: 'steps:\n- {cmd: x, entryPoint: sh -c}\n- {cmd: --entrypoint sh x, entryPoint: sh -c}',
    expected: ['~entrypoint-with-blanks 2:24'],
  },
  { name: 'a network of a build', text: 'steps: [{build: --network foo .}]', expected: ['~network-unknown 1:27'] },
  {
    name: 'mounts at places that are none',
    text: 'volumes: [{name: v, secret: {a: YQ==}}]\nsteps: [{cmd: x, volumeMounts: [{name: v, mountPath: rel}, {name: v, mountPath: "/a:fast"}, {name: v, mountPath: /b}, {name: v, mountPath: "/b:ro"}]}]',
    expected: ['mount-invalid 2:54', 'mount-invalid 2:81', 'mount-duplicate-path 2:140'],
  },
  { name: 'a push name', text: 'steps:\n- push:\n  - a\n  - B', expected: ['image-invalid 4:5'] },
  { name: 'a list where a map should be', text: '- cmd: x', expected: ['yaml-type 1:1'] },
  { name: 'broken YAML', text: 'steps:\n  - cmd: [a', expected: ['yaml-syntax 2:10'] },
  { name: 'a template that leaves nothing', text: '{{/* x */}}', expected: ['template-empty'] },
  { name: 'a place after removed comments', text: '# a\n# b\nsteps: [{cmd: A}]', expected: ['image-invalid 3:15'] },
  {
    name: 'a place after a loop',
    text: 'steps:\n{{range .Values.l}}\n- cmd: a\n{{end}}\n- cmd: B',
    expected: ['image-invalid 5:8'],
  },
  {
    name: 'a broken template, after comments',
    text: '# a\nsteps:\n# b\n- cmd: {{nope}}',
    expected: ['template-unknown-function 4:10'],
  },
] as const;

for (const { name, text, expected } of findings) {
  test(`findings: ${name}`, () => assert.deepEqual(findingsOf(text, { valuesText: 'l: [1, 2, 3]' }), expected));
}

test('values that are wrong', () => {
  assert.deepEqual(findingsOf('steps: []', { valuesText: '- a' }), ['values-invalid 1:1']);
  assert.deepEqual(findingsOf('steps: []', { valuesText: 'a: [' }), ['values-invalid 1:4']);
});

test('a text that is too large is refused', () => {
  assert.deepEqual(findingsOf(`steps: []\n#${'x'.repeat(600_000)}`), ['task-file-too-large']);
});

test('a default variable without = is an error at no place', () => {
  const plan = compileTask({
    taskText: 'steps: [{cmd: a}]',
    fileName: 'f',
    context: testContext(),
    defaults: { env: ['A=1', 'B=x,y'] },
  });
  assert.deepEqual(!plan.ok && plan.diagnostics.map(({ code, place, message }) => [code, place, message]), [
    ['env-invalid', undefined, 'The default variable "y" has no = in "B=x,y"'],
  ]);
});
