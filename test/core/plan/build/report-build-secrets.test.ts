import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../../src/core/plan/compile-task.ts';
import { testContext } from '../../../support/run-context.ts';

const URL = 'env:X';

/** The findings about a build, with the text that they point at. */
function found(build: string, { env = '', value }: { env?: string; value?: string | undefined } = {}) {
  const volumes = 'volumes: [{name: certs, secret: {key.pem: a2V5, ca.pem: Y2E=}}]';
  const taskText = `secrets: [{id: npm, keyvault: "${URL}"}]\n${volumes}\nsteps:\n  - build: ${build}\n${env}`;
  const secrets = value === undefined ? undefined : ({ kind: 'resolved', values: new Map([[URL, value]]) } as const);
  const plan = compileTask({ taskText, fileName: 'f', context: testContext(), secrets });
  return (plan.ok ? plan.warnings : plan.diagnostics).map((each) => ({
    ...each,
    at: each.source?.slice((each.place?.column ?? 1) - 1, (each.place?.column ?? 1) - 1 + (each.place?.length ?? 0)),
  }));
}

for (const value of [undefined, 'hunter2-token', 'ab']) {
  test(`a secret in a build argument draws a warning with the form to write: ${value ?? 'shown only'}`, () => {
    const [warning, ...more] = found('--build-arg NPM_TOKEN={{.Secrets.npm}} -t a .', { value });
    assert.deepEqual([warning?.severity, warning?.code, warning?.place?.line], ['warning', 'secret-in-build-arg', 4]);
    assert.match(warning?.at ?? '', /^NPM_TOKEN=/);
    assert.match(warning?.message ?? '', /build argument NPM_TOKEN has the secret "npm"/);
    assert.match(
      warning?.hint ?? '',
      /env: \["NPM_TOKEN=\{\{\.Secrets\.npm\}\}"\] .* --secret id=NPM_TOKEN,env=NPM_TOKEN/,
    );
    assert.match(warning?.hint ?? '', /RUN --mount=type=secret,id=NPM_TOKEN/);
    assert.deepEqual(more, []);
    assert.doesNotMatch(`${warning?.message} ${warning?.hint}`, /hunter/);
  });
}

test('a part of an argument, and base64, are found', () => {
  const codes = (build: string) => found(build, { value: 'hunter2-token' }).map(({ code }) => code);
  assert.deepEqual(codes('--build-arg U=https://me:{{.Secrets.npm}}@h .'), ['secret-in-build-arg']);
  assert.deepEqual(codes('--build-arg U={{.Secrets.npm | b64enc}} .'), ['secret-in-build-arg']);
  assert.deepEqual(codes('--build-arg U=hunter .'), []);
  assert.deepEqual(codes('--label key={{.Secrets.npm}} .'), ['secret-in-label']);
});

for (const [value, context] of [
  [undefined, 'https://{{.Secrets.npm}}@git.test/o/r.git#main'],
  ['hunter2-token', 'https://{{.Secrets.npm}}@git.test/o/r.git#main'],
  ['hunter2-token', 'https://me:{{.Secrets.npm}}@git.test/o/r.git'],
  ['hunter2/token', 'https://me:{{.Secrets.npm | urlquery}}@git.test/o/r.git'],
  ['hunter2-token', 'https://h.test/a.tar.gz?sig={{.Secrets.npm}}'],
  ['hunter2-token', 'oci://r.test/{{.Secrets.npm}}:1'],
] as const) {
  test(`a secret in the context ${context} draws a warning with the cure: ${value ?? 'shown only'}`, () => {
    const [warning, ...more] = found(`-t a ${context}`, { value });
    assert.deepEqual([warning?.severity, warning?.code, warning?.place?.line], ['warning', 'secret-in-context', 4]);
    assert.match(warning?.message ?? '', /address of the build context has the secret "npm" in it/);
    assert.match(warning?.hint ?? '', /SLIPWAY_SOURCE_CREDENTIALS/);
    assert.doesNotMatch(`${warning?.message} ${warning?.hint}`, /hunter/);
    assert.deepEqual(more, []);
  });
}

test('a secret in the name of a folder is none in an address', () =>
  assert.deepEqual(found('-t a {{.Secrets.npm}}', { value: 'folder' }), []));

const mounting = '    volumeMounts: [{name: certs, mountPath: /certs}, {name: certs, mountPath: /workspace/app/in}]\n';
const fine = [
  { build: '--secret id=npm,src=/certs/key.pem --ssh default=/certs/ca.pem sub', env: mounting },
  { build: '--secret id=npm,src=../certs/key.pem sub', env: mounting },
  { build: '--secret id=npm,src=app/in/key.pem sub', env: mounting },
  { build: '--secret id=npm,src=/certs/key.pem https://git.test/o/r.git#main:app/in', env: mounting },
  { build: '--secret id=npm,env=T .', env: '    env: ["T={{.Secrets.npm}}"]\n' },
  { build: '--secret id=npm,src=a/b --ssh default=key .', env: '' },
  { build: '--ssh default=env:K .', env: '    env: [K=1]\n' },
];

for (const { build, env } of fine) {
  test(`${build} is carried out`, () => assert.deepEqual(found(build, { env, value: 'hunter2' }), []));
}

const wrong = [
  {
    build: '--secret id=npm,env=T .',
    at: 'id=npm,env=T',
    says: /variable T, which this step does not have.*env: \["T=/,
  },
  { build: '--secret id=npm,src=/etc/x .', at: 'id=npm,src=/etc/x', says: /not inside the workspace/ },
  { build: '--secret id=npm,src=../../x .', at: 'id=npm,src=../../x', says: /not inside the workspace/ },
  { build: '--ssh default .', at: 'default', says: /agent of the worker.*--ssh default=FILE/ },
  { build: '--ssh default=env:K .', at: 'default=env:K', says: /variable K/ },
];

const misplaced = [
  { build: '--secret id=npm,src=/certs/kay.pem sub', says: /error build-secret .*no file "kay.pem".*mean "key.pem"/ },
  {
    build: '--ssh default=/certs/other/x sub',
    says: /error build-secret .*no file "other\/x".*files are: key.pem, ca.pem/,
  },
  { build: '--secret id=npm,src=/certs sub', says: /error build-secret .*no file ""/ },
  { build: 'app/in', says: /error build-in-volume .*context lies in the volume "certs".*--secret/ },
  { build: '-f app/in/Dockerfile sub', says: /error build-in-volume .*Dockerfile lies in the volume "certs"/ },
  { build: '.', says: /warning build-volume-in-context .*"certs" lies in the build context.*--secret/ },
];

for (const { build, says } of misplaced) {
  test(`a build with volumes is told what it cannot have of them: ${build}`, () => {
    const all = found(build, { env: mounting });
    assert.equal(all.length, 1);
    assert.match(all.map(({ severity, code, message, hint }) => `${severity} ${code} ${message} ${hint}`).join(), says);
  });
}

for (const { build, at, says } of wrong) {
  test(`${build} is told at its place: ${says.source}`, () => {
    const [error] = found(build, { value: 'hunter2' });
    assert.deepEqual([error?.severity, error?.code, error?.at], ['error', 'build-secret', at]);
    assert.match(`${error?.message} ${error?.hint}`, says);
  });
}
