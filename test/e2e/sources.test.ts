/** Sources that are fetched, end to end: by a worker that took the run from the queue, and by `slipway exec`. */
import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Run } from '../../task-schemas/index.ts';
import { objectsOf, removeImages, untilGone } from '../support/engine-objects.ts';
import { startFileServer } from '../support/file-server.ts';
import { makeRepository, temporaryFolder } from '../support/git-repository.ts';
import { startGitServer } from '../support/git-server.ts';
import { realParts } from '../support/real-parts.ts';
import { slipway, startSlipway } from '../support/slipway.ts';
import { startSshServer, whyNoSsh } from '../support/ssh-server.ts';
import { tarOf } from '../support/tar.ts';
import { untilEmpty } from '../support/until-empty.ts';

const parts = realParts();
const FETCH_TOKEN = 'only-workers-know-this';
const TASK = `version: v1.1.0
steps:
  - build: -t {{.Run.Registry}}/fetched:{{.Run.Branch}}-{{.Run.Commit}} .
  - cmd: "{{.Run.Registry}}/fetched:{{.Run.Branch}}-{{.Run.Commit}} cat /hello.txt"
  - push: ["{{.Run.Registry}}/fetched:{{.Run.Branch}}-{{.Run.Commit}}"]
`;
const DOCKERFILE = 'FROM busybox\nCOPY hello.txt /\n';

/** A repository whose folder `app` is a task, behind a server that asks for the token. */
async function repository(t: TestContext) {
  const root = temporaryFolder(t);
  const files = { 'app/task.yaml': TASK, 'app/Dockerfile': DOCKERFILE, 'app/hello.txt': 'hello from git' };
  const commit = makeRepository(path.join(root, 'x.git'), files);
  const { url } = await startGitServer(t, root, FETCH_TOKEN);
  const credentials = { [url]: { token: FETCH_TOKEN } };
  return { root, commit, context: `${url}/x.git/.git#main:app`, credentials };
}

function tagsOf(run: Run): string[] {
  return run.outputImages.map(({ repository, tag }) => `${repository}:${tag}`);
}

/** Whether the registry has it, whatever the run says. */
async function assertPushed(name: string, run: Run): Promise<void> {
  const [repository, tag] = name.split(':');
  const accept =
    'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json';
  const url = `http://${parts.registry}/v2/${repository}/manifests/${tag}`;
  const answer = await fetch(url, { method: 'HEAD', headers: { accept } });
  assert.equal(answer.status, 200, name);
  assert.equal(answer.headers.get('docker-content-digest'), run.outputImages[0]?.digest);
}

test('a worker fetches repositories, and commit and branch are in the record and in the pushed tag', async (t) => {
  const { root, commit, context, credentials } = await repository(t);
  const skip = whyNoSsh();
  const ssh = skip === false ? await startSshServer(t) : undefined;
  const sshCredentials =
    ssh === undefined ? {} : { [`127.0.0.1:${ssh.port}`]: { sshKey: ssh.keys.good, knownHosts: ssh.knownHosts } };
  const shared = {
    REDIS_URL: parts.redisUrl,
    SLIPWAY_REGISTRY: parts.registry,
    SLIPWAY_DATA: path.join(temporaryFolder(t), 'state'),
    SLIPWAY_POOL: `sources-${process.pid}`,
    SLIPWAY_PORT: '0',
    SLIPWAY_TOKEN: 'a-token-for-this-test',
  };
  const server = startSlipway(t, ['server'], shared);
  const url = /https?:\/\/[^\s"]+/.exec(await server.line('listening'))?.[0] ?? '';
  // The server knows no credentials: they are those of the worker.
  const SLIPWAY_SOURCE_CREDENTIALS = JSON.stringify({ ...credentials, ...sshCredentials });
  const worker = { ...shared, DOCKER_HOST: parts.dockerHost, SLIPWAY_SOURCE_CREDENTIALS };
  await startSlipway(t, ['worker'], worker).line('taking runs');
  const cli = { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: shared.SLIPWAY_TOKEN };
  const tag = `fetched:main-${commit}`;

  async function runs(args: readonly string[]): Promise<{ readonly run: Run; readonly log: string }> {
    const ran = await slipway([...args, '--json'], cli);
    const run: Run = JSON.parse(ran.stdout);
    const log = (await slipway(['logs', run.id], cli)).stdout;
    assert.equal(ran.code, 0, `${ran.stderr}\n${log}`);
    assert.deepEqual([run.commit, run.branch], [commit, 'main']);
    assert.doesNotMatch(log + ran.stdout + ran.stderr, new RegExp(`${FETCH_TOKEN}|PRIVATE KEY`));
    assert.match(log, new RegExp(`Fetched commit ${commit} of branch main`));
    await untilGone(parts.dockerHost, run.id);
    await untilEmpty(path.join(shared.SLIPWAY_DATA, 'sources'));
    return { run, log };
  }

  await t.test('a task file of a private repository', async () => {
    const { run, log } = await runs(['run', '-f', 'task.yaml', context]);
    assert.deepEqual(tagsOf(run), [tag]);
    await assertPushed(tag, run);
    assert.match(log, /hello from git/);
  });

  await t.test('an image from a repository', async () => {
    const { run } = await runs(['build', '-t', 'fetched:b-{{.Run.Commit}}', context]);
    assert.deepEqual(tagsOf(run), [`fetched:b-${commit}`]);
    await assertPushed(`fetched:b-${commit}`, run);
  });

  await t.test('a repository over ssh', { skip }, async () => {
    const address = `ssh://git@127.0.0.1:${ssh?.port}${root}/x.git#main:app`;
    const { run } = await runs(['run', '-f', 'task.yaml', address]);
    assert.deepEqual(tagsOf(run), [tag]);
  });
  await removeImages(parts.dockerHost, `${parts.registry}/${tag}`, `${parts.registry}/fetched:b-${commit}`);
});

test('exec fetches repositories and archives itself', async (t) => {
  const { commit, context, credentials } = await repository(t);
  const temporary = path.join(temporaryFolder(t), 'temporary');
  await mkdir(temporary);
  const env = {
    DOCKER_HOST: parts.dockerHost,
    SLIPWAY_REGISTRY: parts.registry,
    SLIPWAY_SOURCE_CREDENTIALS: JSON.stringify(credentials),
    TMPDIR: temporary,
  };
  async function executes(args: readonly string[]): Promise<{ readonly run: Run; readonly log: string }> {
    const done = await slipway(['exec', ...args, '--json'], env);
    assert.equal(done.code, 0, done.stderr);
    const run: Run = JSON.parse(done.stdout);
    assert.equal(run.status, 'Succeeded');
    assert.doesNotMatch(done.stdout + done.stderr, new RegExp(FETCH_TOKEN));
    assert.deepEqual(await objectsOf(parts.dockerHost, run.id), []);
    // What runs TypeScript keeps a folder there.
    assert.deepEqual(
      (await readdir(temporary)).filter((name) => name.startsWith('slipway')),
      [],
    );
    return { run, log: done.stderr };
  }

  await t.test('a repository', async () => {
    const { run, log } = await executes(['-f', 'task.yaml', context]);
    assert.deepEqual([run.commit, run.branch, ...tagsOf(run)], [commit, 'main', `fetched:main-${commit}`]);
    await assertPushed(`fetched:main-${commit}`, run);
    assert.match(log, /hello from git/);
    await removeImages(parts.dockerHost, `${parts.registry}/fetched:main-${commit}`);
  });

  await t.test('an archive, whose task builds a repository besides', async () => {
    const image = '{{.Run.Registry}}/fetched:{{.Run.ID}}';
    const task = `version: v1.1.0\nsteps:\n  - build: -t ${image}-a .\n  - build: -t ${image}-g ${context}\n  - cmd: ${image}-a cat /hello.txt\n  - cmd: ${image}-g cat /hello.txt\n`;
    const files = { 'task.yaml': task, Dockerfile: DOCKERFILE, 'hello.txt': 'hello from an archive' };
    const tar = await tarOf(...Object.entries(files).map(([name, content]) => ({ name, content })));
    const { url } = await startFileServer(t, { '/source.tgz': gzipSync(tar) });
    const { run, log } = await executes(['-f', 'task.yaml', `${url}/source.tgz`]);
    assert.equal(run.commit, undefined);
    assert.match(log, /hello from an archive[\s\S]*hello from git/);
    for (const end of ['a', 'g']) await removeImages(parts.dockerHost, `${parts.registry}/fetched:${run.id}-${end}`);
  });
});
