import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Run } from '../../../task-schemas/index.ts';
import { attachedStatements } from '../../support/attached-statements.ts';
import { realParts } from '../../support/real-parts.ts';
import { slipway } from '../support/test-terminal.ts';

const task = `
steps:
  - build: -t {{.Run.Registry}}/exec/{{.Values.name}}:1 .
  - push: ["{{.Run.Registry}}/exec/{{.Values.name}}:1"]
`;

/** Builds and pushes an image with `slipway exec`; answers what is attached to it. */
async function attached(t: TestContext, name: string, env: Record<string, string>): Promise<readonly string[]> {
  const { registry, dockerHost } = realParts();
  const cwd = await mkdtemp(path.join(tmpdir(), 'slipway-exec-test-'));
  t.after(() => rm(cwd, { recursive: true }));
  await writeFile(path.join(cwd, 'Dockerfile'), 'FROM busybox:latest\nCOPY Dockerfile /\n');
  await writeFile(path.join(cwd, 'task.yaml'), task);
  const args = ['exec', '-f', 'task.yaml', '--set', `name=${name}`, '--registry', registry, '--json', '.'];
  const done = await slipway(args, { cwd, env: { DOCKER_HOST: dockerHost, ...env } });
  assert.equal(done.code, 0, done.err);
  const run: Run = JSON.parse(done.out);
  return attachedStatements(run.outputImages[0]);
}

test('exec attaches provenance as the setting of workers says, and vouches for no installation', async (t) => {
  const [statement = '', ...others] = await attached(t, 'told', { SLIPWAY_PROVENANCE: 'always' });
  assert.equal(others.length, 0);
  const { builder } = JSON.parse(statement).predicate.runDetails;
  assert.deepEqual(builder, { id: 'urn:slipway:exec', version: { slipway: '1.2.3' } });
});

test('exec attaches none where the setting says off', async (t) => {
  assert.deepEqual(await attached(t, 'untold', { SLIPWAY_PROVENANCE: 'off' }), []);
});

test('exec names the settings that it cannot use, and only those that it reads', async (t) => {
  const cwd = await mkdtemp(path.join(tmpdir(), 'slipway-exec-test-'));
  t.after(() => rm(cwd, { recursive: true }));
  await writeFile(path.join(cwd, 'task.yaml'), 'steps:\n  - cmd: busybox true\n');
  const env = { SLIPWAY_PROVENANCE: 'sometimes', SLIPWAY_PORT: 'none' };
  const done = await slipway(['exec', '-f', 'task.yaml', '.'], { cwd, env });
  assert.equal(done.code, 2);
  assert.match(done.err, /SLIPWAY_PROVENANCE=sometimes is not one of off, referrers, always/);
  assert.doesNotMatch(done.err, /SLIPWAY_PORT/);
});
