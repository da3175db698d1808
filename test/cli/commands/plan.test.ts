import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slipway } from '../support/test-terminal.ts';

const TASK = `version: v1.1.0
steps:
  - id: build
    build: -t {{.Run.Registry}}/app:{{.Run.ID}} --build-arg "A=b c" .
  - id: lint
    cmd: busybox:1 sh -c "it's fine"
    when: [build]
    retries: 2
    ignoreErrors: true
  - id: test
    cmd: busybox:1 true
    when: [build]
    env: [A=1]
  - id: push
    push: ["{{.Run.Registry}}/app:{{.Run.ID}}"]
    when: [lint, test]
`;

test('a plan is shown as a tree, without a server', async () => {
  const done = await slipway(['plan', '-f', '-', '--registry', 'reg.test', '/'], { stdin: TASK });
  assert.equal(done.code, 0, done.err);
  assert.equal(
    done.out,
    `● build  build
│   build . -f Dockerfile --build-arg 'A=b c'
│   → reg.test/app:r0000000
│   (timeout 10m 00s)
├─● lint  cmd
│     busybox:1 sh -c 'it'\\''s fine'
│     (timeout 10m 00s, 2 retries, 5s apart, errors are ignored)
└─● test  cmd
  │   busybox:1 true
  │   env: A=1
  │   (timeout 10m 00s)
  ● push  push  after lint, test
      → reg.test/app:r0000000
      (timeout 10m 00s)
`,
  );
});

test('--json prints the plan as the worker gets it', async () => {
  const done = await slipway(['plan', '-f', '-', '--json', '/'], {
    stdin: TASK,
    env: { SLIPWAY_REGISTRY: 'env.test' },
  });
  const plan = JSON.parse(done.out);
  assert.deepEqual(
    plan.steps.map((step: { id: string; dependsOn: string[] }) => [step.id, step.dependsOn]),
    [
      ['build', []],
      ['lint', ['build']],
      ['test', ['build']],
      ['push', ['lint', 'test']],
    ],
  );
  assert.deepEqual(plan.steps[3].images, ['env.test/app:r0000000']);
});

test('a wrong task prints nothing but its mistakes', async () => {
  const done = await slipway(['plan', '-f', '-', '--json', '/'], { stdin: 'steps:\n  - cmd: a\n    when: [b]\n' });
  assert.deepEqual([done.code, done.out], [2, '']);
  assert.match(done.err, /^stdin:3:/);
});

test('images for names at the start of a cmd come from the environment', async () => {
  const stdin = 'version: v1.1.0\nsteps: [{cmd: bash -c date}, {cmd: Tool x}]';
  const env = { SLIPWAY_IMAGE_ALIASES: 'bash=my/bash:5,Tool=my/tool' };
  const done = await slipway(['plan', '-f', '-', '/'], { stdin, env });
  assert.equal(done.code, 0, done.err);
  assert.match(done.out, /my\/bash:5 -c date[\s\S]*my\/tool x/);
  const wrong = await slipway(['plan', '-f', '-', '/'], { stdin, env: { SLIPWAY_IMAGE_ALIASES: 'x,y' } });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /"x", which is not NAME=IMAGE[\s\S]*"y", which is not NAME=IMAGE/);
});
