import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
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

images in
  busybox:1              run by lint, run by test

images out
  reg.test/app:r0000000  built by build, pushed by push
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

test('a wrong task prints nothing but its mistakes, as JSON if that is asked for', async () => {
  const stdin = 'steps:\n  - cmd: a\n    when: [b]\n';
  const done = await slipway(['plan', '-f', '-', '/'], { stdin });
  assert.deepEqual([done.code, done.out], [2, '']);
  assert.match(done.err, /^stdin:3:/);
  const json = await slipway(['plan', '-f', '-', '--json', '/'], { stdin });
  const [found, ...more] = JSON.parse(json.out).diagnostics;
  assert.deepEqual([json.code, found.code, found.place.line, more], [2, 'step-unknown-dependency', 3, []]);
  assert.equal(json.err, done.err);
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

/** A folder with these files, removed at the end of the test. */
async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-plan-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return folder;
}

test('what is known of the run, and what steps get that set nothing', async (t) => {
  const folder = await folderWith(t, {
    'run.json': '{"ID": "run7", "commit": "abc", "date": "2020-01-02T03:04:05Z", "registry": "from.json"}',
    'secrets.yaml': 'https://v/secrets/x: s3cret\n',
  });
  const stdin = `secrets: [{id: x, keyvault: "https://v/secrets/x"}]
steps:
  - cmd: a {{.Run.ID}} {{.Run.Commit}} {{.Run.Date}} {{.Run.Registry}} {{.Secrets.x}}
    env: [A=own]
`;
  const options = ['--run-json', 'run.json', '--secret-values', 'secrets.yaml', '--network', 'corp'];
  const more = ['-e', 'A=1', '--env', 'B=2,C=3', '--working-directory', 'src'];
  const done = await slipway(['plan', '-f', '-', '--json', ...options, ...more, folder], { stdin });
  assert.equal(done.code, 0, done.err);
  const plan = JSON.parse(done.out);
  const [step] = plan.steps;
  assert.equal(plan.runId, 'run7');
  assert.deepEqual(step.args, ['run7', 'abc', '20200102-030405z', 'from.json', 's3cret']);
  assert.deepEqual(
    [step.env, step.network, step.workingDirectory],
    [['A=own', 'B=2', 'C=3'], 'corp', '/workspace/src'],
  );
  assert.deepEqual(plan.secrets, [{ id: 'x', keyvault: 'https://v/secrets/x' }]);
});

test('files of options that are wrong are told, all of their mistakes', async (t) => {
  const folder = await folderWith(t, { 'run.json': '{"comit": "a", "id": 7}', 'secrets.yaml': 'u: 7' });
  const run = await slipway(['plan', '-f', '-', '--run-json', 'run.json', folder], { stdin: 'steps: []' });
  assert.equal(run.code, 2);
  assert.match(run.err, /"comit"[\s\S]*Did you mean "commit"[\s\S]*"id"/);
  const secrets = await slipway(['plan', '-f', '-', '--secret-values', 'secrets.yaml', folder], { stdin: 'steps: []' });
  assert.equal(secrets.code, 2);
  assert.match(secrets.err, /"u".*not a text[\s\S]*quotes/);
});

test('--strict makes names that mean nothing errors', async () => {
  const stdin = 'stepz: 1\nsteps: [{cmd: "a {{.Run.Id}}"}]';
  const loose = await slipway(['plan', '-f', '-', '/'], { stdin });
  const strict = await slipway(['plan', '-f', '-', '--strict', '/'], { stdin });
  assert.deepEqual([loose.code, strict.code, strict.out], [0, 2, '']);
  assert.match(loose.err, /warning: "stepz"[\s\S]*Did you mean "steps"[\s\S]*warning: .Run has no field .Id/);
  assert.match(strict.err, /error: "stepz"[\s\S]*error: .Run has no field .Id/);
});

test('images of Dockerfiles in the context are listed, and what is wrong with them is told', async (t) => {
  const folder = await folderWith(t, {
    Dockerfile: 'ARG V=1\nFROM golang AS b\nFROM alpine:$V\nCOPY --from=b /a /a\nCOPY --from=nginx:1 /a /a\n',
    Wrong: 'FROM a b\n',
  });
  const stdin = 'steps:\n  - build: -t x --build-arg V=2 .\n  - build: -f Wrong .\n  - build: -f Missing .\n';
  const done = await slipway(['plan', '-f', '-', folder], { stdin });
  assert.equal(done.code, 0, done.err);
  assert.match(
    done.out,
    /alpine:2 +base of acb_step_0\n +golang +build stage of acb_step_0\n +nginx:1 +copied from by/,
  );
  assert.match(done.err, /Wrong:1:\d+: warning/);
});

test('what is wrong with a values file is told with its path', async (t) => {
  const folder = await folderWith(t, { 'bad.yaml': 'a: 1\n- b\n' });
  const done = await slipway(['plan', '-f', '-', '--values', 'bad.yaml', folder], { stdin: 'steps: []' });
  assert.equal(done.code, 2);
  assert.match(done.err, /^bad\.yaml:\d+:\d+: error/);
});

for (const option of ['--values', '--run-json', '--secret-values']) {
  test(`a missing file of ${option} is told with that option`, async (t) => {
    const done = await slipway(['plan', '-f', '-', option, 'no.yaml', await folderWith(t, {})], { stdin: 'steps: []' });
    assert.equal(done.code, 2);
    assert.match(done.err, new RegExp(`Give its path with ${option}, `));
  });
}

test('a wrong --env is told as such, at no place of the task', async () => {
  const args = ['plan', '-f', '-', '--env', 'A', '--env', 'B=x,y', '/'];
  const done = await slipway(args, { stdin: 'steps: [{cmd: a}]' });
  assert.equal(done.code, 2);
  assert.match(
    done.err,
    /^error: "A" of --env A has no =[\s\S]*\nerror: "y" of --env B=x,y has no =[\s\S]*Commas split/,
  );
});

test('names of one image count together, and what is only pushed is needed', async () => {
  const stdin = `steps:
  - build: -t app .
  - cmd: app:latest
  - cmd: docker.io/library/busybox
  - cmd: busybox
  - push: ["app:latest", "other:1"]
`;
  const done = await slipway(['plan', '-f', '-', '/dev/null'], { stdin });
  const [, summary = ''] = done.out.split('images in\n');
  assert.deepEqual(summary.trim().split(/ *\n+ */), [
    'docker.io/library/busybox  run by acb_step_2, run by acb_step_3',
    'other:1                    pushed by acb_step_4',
    'images out',
    'app                        built by acb_step_0, pushed by acb_step_4',
    'other:1                    pushed by acb_step_4',
  ]);
});

test('a Dockerfile that cannot be read draws a warning and is not waited for', async (t) => {
  const folder = await folderWith(t, { Long: '#'.repeat(131_073) });
  execFileSync('mkfifo', [path.join(folder, 'Pipe')]);
  await symlink('/etc/passwd', path.join(folder, 'Link'));
  const files = ['Long', 'Pipe', 'Link', 'Missing'];
  const stdin = `steps:\n${files.map((file) => `  - build: -f ${file} .\n`).join('')}`;
  const done = await slipway(['plan', '-f', '-', folder], { stdin });
  assert.equal(done.code, 0);
  for (const says of [/"Long" .*131072 bytes/, /"Pipe" .*no file/, /"Link" .*outside/, /"Missing" is not in /]) {
    assert.match(done.err, says);
  }
  const elsewhere = await slipway(['plan', '-f', '-'], { stdin, cwd: await folderWith(t, {}) });
  assert.deepEqual([elsewhere.code, elsewhere.err], [0, '']);
});
