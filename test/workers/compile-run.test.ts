import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createTextReader } from '../../src/adapters/text/text-reader.ts';
import { USUAL_BUILDS } from '../../src/core/plan/build/prepare-builds.ts';
import { STRICT_POLICY } from '../../src/core/policy/worker-policy.ts';
import { compileRun } from '../../workers/compile-run.ts';
import { aRun } from '../support/fakes/run.ts';
import { fakeSecretSource } from '../support/fakes/secret-source.ts';

const directory = await realpath(await mkdtemp(path.join(tmpdir(), 'slipway-compile-')));
after(() => rm(directory, { recursive: true }));
const TASK = 'version: v1.1.0\nalias: {src: [a.yaml, "{{.Values.more}}"]}\nsteps: [{cmd: $tool $who $Registry}]';
await writeFile(path.join(directory, 'task.yaml'), TASK);
await writeFile(path.join(directory, 'a.yaml'), 'tool: busybox\nwho: a');
await writeFile(path.join(directory, 'b.yaml'), 'who: b');

const source = { kind: 'none' } as const;
const never = new AbortController().signal;
const URL = 'https://v.vault.azure.net/secrets/x';
const ignore = () => undefined;
const deps = {
  registry: 'r.test',
  textReader: createTextReader(),
  imageAliases: new Map([['bash', 'my/bash']]),
  secretSource: fakeSecretSource({ [URL]: 'hunter2' }),
  knownRegistries: ['other.test'],
  policy: STRICT_POLICY,
  builds: USUAL_BUILDS,
};

for (const [more, expected] of [
  ['a.yaml', 'a'],
  ['b.yaml', 'b'],
] as const) {
  for (const request of [
    { kind: 'task-file', source, taskFile: 'task.yaml', set: { more } } as const,
    { kind: 'encoded-task', source, taskText: TASK, set: { more } } as const,
  ]) {
    test(`a ${request.kind} gets its aliases from the files of its source: ${more}`, async () => {
      const compiled = await compileRun(aRun({ request }), directory, deps, ignore, never);
      assert.ok(compiled.ok);
      const [step] = compiled.value.plan.steps;
      assert.deepEqual(step?.kind === 'cmd' ? [step.image, ...step.args] : [], ['busybox', expected, 'r.test']);
    });
  }
}

test('a file that cannot be read is told with its reason, at its place', async () => {
  const request = { kind: 'encoded-task', source, taskText: TASK, set: { more: '../b.yaml' } } as const;
  const compiled = await compileRun(aRun({ request }), directory, deps, ignore, never);
  assert.ok(!compiled.ok);
  assert.deepEqual(
    compiled.diagnostics.map(({ code, message, place }) => [code, message, place?.line]),
    [['alias-source-unavailable', 'The alias file "../b.yaml" cannot be read: the source has no such file', 2]],
  );
});

test('a URL is fetched, for as long as the run is not stopped', async () => {
  const asked: unknown[] = [];
  const fetch = async (url: string, signal: AbortSignal) => {
    asked.push(url, signal);
    return 'who: web';
  };
  const request = { kind: 'encoded-task', source, taskText: TASK, set: { more: 'https://h.test/a?b' } } as const;
  const textReader = { ...deps.textReader, fetch };
  const compiled = await compileRun(aRun({ request }), directory, { ...deps, textReader }, ignore, never);
  assert.ok(compiled.ok);
  const [step] = compiled.value.plan.steps;
  assert.deepEqual(step?.kind === 'cmd' ? step.args : [], ['web', 'r.test']);
  assert.deepEqual(asked, ['https://h.test/a?b', never]);
});

test('a URL into the network of the worker is a mistake of the task', async () => {
  const request = { kind: 'encoded-task', source, taskText: TASK, set: { more: 'http://169.254.169.254/a' } } as const;
  const compiled = await compileRun(aRun({ request }), directory, deps, ignore, never);
  assert.ok(!compiled.ok);
  assert.match(
    compiled.diagnostics[0]?.message ?? '',
    /^The alias file "http:.*" cannot be read: 169\.254\.169\.254 is .* metadata$/,
  );
});

test('images of the installation are added to the built-in ones', async () => {
  const taskText = 'version: v1.1.0\nsteps: [{cmd: bash}, {cmd: curl}]';
  const compiled = await compileRun(
    aRun({ request: { kind: 'encoded-task', source, taskText } }),
    directory,
    deps,
    ignore,
    never,
  );
  assert.ok(compiled.ok);
  const images = compiled.value.plan.steps.map((step) => (step.kind === 'cmd' ? step.image : step.kind));
  assert.equal(images[0], 'my/bash');
  assert.match(images[1] ?? '', /^mcr\.microsoft\.com\/acr\/curl:/);
});

const SECRET = `secrets:
  - id: x
    keyvault: ${URL}
    clientID: c72b2df0-b9d8-4ac6-9363-7c1eb06c1c86
steps: [{cmd: "busybox echo {{.Secrets.x}}"}]
`;
const taskOf = (taskText: string) => aRun({ request: { kind: 'encoded-task', source, taskText } });

test('the values of secrets are learnt, and then in the texts of the plan', async () => {
  const learnt: string[] = [];
  const compiled = await compileRun(taskOf(SECRET), directory, deps, (secrets) => void learnt.push(...secrets), never);
  assert.ok(compiled.ok);
  const [step] = compiled.value.plan.steps;
  assert.deepEqual(step?.kind === 'cmd' && step.args, ['echo', 'hunter2']);
  assert.deepEqual(learnt, ['hunter2']);
  const [wanted] = deps.secretSource.asked;
  assert.deepEqual(wanted, { address: URL, clientId: 'c72b2df0-b9d8-4ac6-9363-7c1eb06c1c86' });
});

test('a secret that cannot be read is told at its place, with the reason and the cure of its store', async () => {
  const compiled = await compileRun(taskOf(SECRET.replace('/x', '/y')), directory, deps, ignore, never);
  assert.ok(!compiled.ok);
  const [found] = compiled.diagnostics;
  assert.deepEqual([found?.code, found?.place?.line, found?.hint], ['secret-unresolved', 3, 'Give it one.']);
  assert.match(found?.message ?? '', /secret "x" cannot be read from ".*secrets\/y": the fake has no such secret/);
});

test('nobody is asked for the secrets of a task that has mistakes', async () => {
  const before = deps.secretSource.asked.length;
  const compiled = await compileRun(taskOf(`${SECRET}env: 7\n`), directory, deps, ignore, never);
  assert.ok(!compiled.ok);
  assert.equal(deps.secretSource.asked.length, before);
});

test('a one-off build may name the registries that have a credential', async () => {
  const request = { kind: 'docker-build', source, images: ['other.test/a:1', 'a:2'] } as const;
  const compiled = await compileRun(
    aRun({ request: { ...request, images: [...request.images] } }),
    directory,
    deps,
    ignore,
    never,
  );
  assert.ok(compiled.ok);
  const [build] = compiled.value.plan.steps;
  assert.deepEqual(build?.kind === 'build' && build.images, ['other.test/a:1', 'r.test/a:2']);
});

test('what the policy of the worker refuses is told at its place, all of it, before anything runs', async () => {
  const taskText = [
    'networks: [{name: corp, skipCreation: true}]',
    'steps:',
    '  - {cmd: busybox, privileged: true}',
    '  - {cmd: -v /var/run/docker.sock:/s -v /etc:/e busybox, network: corp}',
  ].join('\n');
  const request = { kind: 'encoded-task', source, taskText } as const;
  const compiled = await compileRun(aRun({ request }), directory, deps, ignore, never);
  assert.ok(!compiled.ok);
  assert.deepEqual(
    compiled.diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`),
    [
      'policy-external-network 1:19',
      'policy-privileged 3:32',
      'policy-docker-socket 4:14',
      'policy-host-folder 4:41',
      'policy-external-network 4:67',
    ],
  );
  const policy = {
    ...STRICT_POLICY,
    privileged: true,
    dockerSocket: true,
    externalNetworks: ['corp'],
    hostMounts: [{ path: '/etc', readOnly: false }],
  };
  assert.ok((await compileRun(aRun({ request }), directory, { ...deps, policy }, ignore, never)).ok);
});
