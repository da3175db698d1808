import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { objectsOf } from '../../support/engine-objects.ts';
import { realParts } from '../../support/real-parts.ts';
import { slipway, temporaryFolder } from '../../support/slipway.ts';

const { dockerHost, registry } = realParts();
const VAULT = 'https://team.vault.azure.net/secrets';
const VALUES = { given: 'value-of-the-file', inFolder: 'value-of-the-folder' };

/** Prints both secrets, and fails unless they are what they must be: the log shows neither. */
const TASK = `version: v1.1.0
secrets:
  - id: given
    keyvault: ${VAULT}/given
  - id: inFolder
    keyvault: ${VAULT}/in-folder
steps:
  - cmd: busybox sh -c 'echo "$GIVEN and $IN_FOLDER"; test "$GIVEN $IN_FOLDER" = "$(cat expected)"'
    env: ["GIVEN={{.Secrets.given}}", "IN_FOLDER={{.Secrets.inFolder}}"]
`;

/** A folder with the task and its secrets; a folder for all that is temporary is beside it. */
async function project(t: TestContext) {
  const folder = await temporaryFolder(t);
  const temporary = path.join(folder, 'temporary');
  const files = {
    'app/task.yaml': TASK,
    'app/expected': `${VALUES.given} ${VALUES.inFolder}`,
    'values.yaml': `${VAULT}/given: ${VALUES.given}\n`,
    'secrets/in-folder': `${VALUES.inFolder}\n`,
    'secrets/given': 'not this one: the file of values comes first\n',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  await mkdir(temporary);
  // The folder comes before what the settings say of all vaults.
  const settings = { SLIPWAY_REGISTRY: registry, SLIPWAY_KEY_VAULTS: '*=env' };
  return { folder, temporary, env: { ...settings, DOCKER_HOST: dockerHost, TMPDIR: temporary } };
}

test('secrets come from a file of values and from a folder, and no log shows them', async (t) => {
  const { folder, temporary, env } = await project(t);
  const args = ['--secret-values', 'values.yaml', '--secrets-folder', 'secrets', '--json', 'app'];
  const done = await slipway(['exec', '-f', 'app/task.yaml', ...args], env, folder);
  assert.equal(done.code, 0, done.stderr);
  const run = JSON.parse(done.stdout);
  assert.equal(run.status, 'Succeeded');
  assert.match(done.stderr, /\*\*\* and \*\*\*/);
  for (const value of Object.values(VALUES)) assert.doesNotMatch(done.stdout + done.stderr, new RegExp(value));
  assert.deepEqual(await objectsOf(dockerHost, run.id), []);
  // What runs TypeScript keeps a folder there.
  assert.deepEqual(
    (await readdir(temporary)).filter((name) => name.startsWith('slipway')),
    [],
  );
});

test('a secret that neither has fails the run, and is named', async (t) => {
  const { folder, env } = await project(t);
  const args = ['--secret-values', 'values.yaml', '--secrets-folder', 'app', 'app'];
  const done = await slipway(['exec', '-f', 'app/task.yaml', ...args], env, folder);
  assert.equal(done.code, 1, done.stderr);
  assert.match(done.stdout + done.stderr, /inFolder[\s\S]*in-folder/);
});

test('a file of values that cannot be read is refused before anything runs', async (t) => {
  const { folder, env } = await project(t);
  const done = await slipway(['exec', '-f', 'app/task.yaml', '--secret-values', 'absent.yaml', 'app'], env, folder);
  assert.equal(done.code, 2);
  assert.match(done.stderr, /--secret-values.*absent\.yaml/);
});

test('an engine that cannot be spoken to is refused with a way out before anything runs', async (t) => {
  const { folder, env } = await project(t);
  const unusable = { ...env, DOCKER_HOST: 'tcp://127.0.0.1:2375', DOCKER_TLS_VERIFY: '1' };
  const done = await slipway(['exec', '-f', 'app/task.yaml', 'app'], unusable, folder);
  assert.equal(done.code, 2, done.stderr);
  assert.match(done.stderr, /DOCKER_TLS_VERIFY is set.*\n.*Unset it.*forward its socket/);
});
