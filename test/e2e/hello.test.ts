import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../task-schemas/index.ts';
import { untilGone } from '../support/engine-objects.ts';
import { realParts } from '../support/real-parts.ts';
import { slipway, startSlipway, temporaryFolder } from '../support/slipway.ts';

const parts = realParts();
const given = {
  REDIS_URL: parts.redisUrl,
  DOCKER_HOST: parts.dockerHost,
  SLIPWAY_REGISTRY: parts.registry,
  // Other tests use the same Redis: their workers must not take these runs.
  SLIPWAY_POOL: `hello-${process.pid}`,
};

test('up: a folder and a task file are built, tested and pushed, and nothing stays on the engine', async (t) => {
  const data = await temporaryFolder(t);
  const up = startSlipway(t, ['up', '--json', '--port', '0', '--data', data], given);
  const line = JSON.parse(await up.line('"url"'));
  assert.deepEqual(Object.keys(line).sort(), ['dockerHost', 'pid', 'redisUrl', 'registry', 'token', 'url']);
  const env = { SLIPWAY_SERVER: line.url, SLIPWAY_TOKEN: line.token };

  await t.test('a task file runs to its pushed image', async () => {
    const ran = await slipway(['run', '-f', 'examples/hello/task.yaml', '--json', 'examples/hello'], env);
    assert.equal(ran.code, 0, ran.stderr);
    const run: Run = JSON.parse(ran.stdout);
    assert.equal(run.status, 'Succeeded');
    assert.deepEqual(
      run.steps.map((step) => [step.id, step.status]),
      [
        ['build', 'succeeded'],
        ['hello', 'succeeded'],
        ['test', 'succeeded'],
        ['push', 'succeeded'],
      ],
    );
    const [image] = run.outputImages;
    assert.deepEqual([image?.registry, image?.repository, image?.tag], [parts.registry, 'hello', run.id]);
    assert.equal(await digestInRegistry('hello', run.id), image?.digest);
    await untilGone(parts.dockerHost, run.id);
    const log = await slipway(['logs', run.id], env);
    assert.match(log.stdout, /answered: \{"greeting": "Hello, Ada!"/);
    assert.match(log.stdout, new RegExp(`Run ID: ${run.id} was successful`));
  });

  await t.test('a folder is built and pushed under a tag with the id of the run', async () => {
    const built = await slipway(
      ['build', '-t', 'built:{{.Run.ID}}', '-t', 'built:<<.Run.ID>>-b', '--no-cache', '--json', 'examples/hello'],
      env,
    );
    assert.equal(built.code, 0, built.stderr);
    const run: Run = JSON.parse(built.stdout);
    assert.deepEqual(
      run.outputImages.map((image) => image.tag),
      [run.id, `${run.id}-b`],
    );
    assert.equal(await digestInRegistry('built', run.id), run.outputImages[0]?.digest);
    await untilGone(parts.dockerHost, run.id);
  });

  await t.test('a build that finds its layers says what they saved', async () => {
    const built = await slipway(['build', '-t', 'built:{{.Run.ID}}', '--json', 'examples/hello'], env);
    assert.equal(built.code, 0, built.stderr);
    const run: Run = JSON.parse(built.stdout);
    const { instructions, cached, savedSeconds } = run.steps[0]?.build ?? {};
    assert.equal(cached, instructions);
    assert.equal(typeof savedSeconds, 'number', 'the build before has run them');
    const log = await slipway(['logs', run.id], env);
    assert.match(log.stdout, /Build: 2 steps, 2 cached \(\d+\.\d s saved\), \d+\.\d s/);
  });

  await t.test('the state survives a restart, and SIGTERM ends it cleanly', async () => {
    assert.equal(await up.stop(), 0);
    const again = startSlipway(t, ['up', '--json', '--port', '0', '--data', data], given);
    const next = JSON.parse(await again.line('"url"'));
    assert.equal(next.token, line.token);
    const listed = await slipway(['runs', '--json'], { SLIPWAY_SERVER: next.url, SLIPWAY_TOKEN: next.token });
    const runs: Run[] = JSON.parse(listed.stdout).runs.filter((run: Run) => run.pool === given.SLIPWAY_POOL);
    assert.ok(runs.some((run) => run.outputImages[0]?.repository === 'built'));
    const log = await slipway(['logs', runs[0]?.id ?? ''], { SLIPWAY_SERVER: next.url, SLIPWAY_TOKEN: next.token });
    assert.match(log.stdout, /was successful/);
  });
});

/** What the registry says, not what the run says. */
async function digestInRegistry(repository: string, tag: string): Promise<string | null> {
  const answer = await fetch(`http://${parts.registry}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json',
    },
  });
  assert.equal(answer.status, 200);
  return answer.headers.get('docker-content-digest');
}
