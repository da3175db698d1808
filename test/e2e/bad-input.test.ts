import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Run } from '../../task-schemas/index.ts';
import { cleanUp } from '../support/clean-up.ts';
import { realParts } from '../support/real-parts.ts';
import { type Finished, slipway, startSlipway, temporaryFolder } from '../support/slipway.ts';

const parts = realParts();
const given = {
  REDIS_URL: parts.redisUrl,
  DOCKER_HOST: parts.dockerHost,
  SLIPWAY_REGISTRY: parts.registry,
  SLIPWAY_POOL: `bad-input-${process.pid}`,
};

/** One clear message: the words, the exit code, and no stack trace. */
function assertTold(finished: Finished, code: number, ...words: (string | RegExp)[]): void {
  assert.equal(finished.code, code, finished.stderr);
  for (const word of words) {
    assert.match(
      finished.stderr,
      typeof word === 'string' ? new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : word,
    );
  }
  assert.doesNotMatch(finished.stderr + finished.stdout, /\n\s+at .*:\d+:\d+/, 'a stack trace was shown');
}

test('mistakes of a user are told with their cure and the right exit code', async (t) => {
  const folder = await temporaryFolder(t);
  const up = startSlipway(t, ['up', '--json', '--port', '0', '--data', path.join(folder, 'data')], given);
  const line = JSON.parse(await up.line('"url"'));
  const env = { SLIPWAY_SERVER: line.url, SLIPWAY_TOKEN: line.token };
  const context = path.join(folder, 'context');
  await mkdir(context);
  const file = async (name: string, content: string) => {
    const at = path.join(context, name);
    await writeFile(at, content);
    return at;
  };

  await t.test('a wrong token', async () => {
    assertTold(await slipway(['runs'], { ...env, SLIPWAY_TOKEN: 'not-the-token-at-all' }), 7, /token/i);
  });

  await t.test('a server that is not there', async () => {
    assertTold(await slipway(['runs'], { ...env, SLIPWAY_SERVER: 'http://127.0.0.1:9' }), 6, '127.0.0.1:9');
  });

  await t.test('a context that does not exist, and one that is a file', async () => {
    assertTold(await slipway(['build', '-t', 'x', path.join(folder, 'nowhere')], env), 2, 'nowhere');
    const plain = await file('plain', '');
    assertTold(await slipway(['build', '-t', 'x', plain], env), 2, plain);
  });

  await t.test('a missing Dockerfile', async () => {
    assertTold(await slipway(['build', '-t', 'x', context], env), 2, 'Dockerfile');
  });

  await t.test('invalid YAML', async () => {
    const task = await file('broken.yaml', 'version: v1.0.0\nsteps:\n  - cmd: "busybox\n');
    assertTold(await slipway(['run', '-f', task, context], env), 2, /broken\.yaml:\d+:\d+: error/);
  });

  await t.test('an unknown step type', async () => {
    const task = await file('typo.yaml', 'version: v1.0.0\nsteps:\n  - biuld: -t x .\n');
    assertTold(await slipway(['run', '-f', task, context], env), 2, /typo\.yaml:3:5/, 'build');
  });

  await t.test('a context of 2 GiB is refused before it is sent, and its largest file is named', async () => {
    const large = path.join(folder, 'large');
    await mkdir(large);
    await writeFile(path.join(large, 'Dockerfile'), 'FROM busybox\n');
    await writeFile(path.join(large, 'core.dump'), '');
    await truncate(path.join(large, 'core.dump'), 2 ** 31);
    assertTold(await slipway(['build', '-t', 'x', large], env), 2, 'core.dump', '.dockerignore');
  });

  await t.test('a failing instruction fails the run, and its record says why', async () => {
    await file('Dockerfile', 'FROM busybox\nRUN echo about to fail && exit 7\n');
    const built = await slipway(['build', '-t', 'x', '--json', context], env);
    assertTold(built, 1, 'exit 7');
    const run: Run = JSON.parse(built.stdout);
    assert.deepEqual([run.status, run.failure?.step], ['Failed', 'build']);
  });

  await t.test('a push that the registry refuses', async () => {
    await file('Dockerfile', 'FROM busybox\n');
    const denied = JSON.stringify({ errors: [{ code: 'DENIED', message: 'not for you' }] });
    const refusing = createServer((request, response) => {
      if (request.url === '/v2/') response.end();
      else response.writeHead(403, { 'content-type': 'application/json' }).end(denied);
    });
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    cleanUp(t, () => refusing.close());
    const address = refusing.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const built = await slipway(['build', '-t', `127.0.0.1:${port}/x:1`, '--json', context], env);
    assertTold(
      built,
      1,
      `Pushing 127.0.0.1:${port}/x:1 failed`,
      'not for you',
      /hint: .*no credential for 127\.0\.0\.1/,
    );
    const run: Run = JSON.parse(built.stdout);
    assert.deepEqual([run.status, run.failure?.code, run.failure?.step], ['Failed', 'push-failed', 'push']);
  });

  await t.test('an image name that no registry takes', async () => {
    assertTold(await slipway(['build', '-t', 'Not/A Name', context], env), 2, 'Not/A Name');
  });

  await t.test('an image that is nowhere', async () => {
    const task = await file('nowhere.yaml', `version: v1.0.0\nsteps:\n  - cmd: ${parts.registry}/no/such:image\n`);
    const ran = await slipway(['run', '-f', task, '--json', context], env);
    assertTold(
      ran,
      1,
      `Image ${parts.registry}/no/such:image is not on the engine`,
      /hint: Check the name and the tag/,
    );
    const run: Run = JSON.parse(ran.stdout);
    assert.deepEqual([run.status, run.failure?.code], ['Failed', 'image-not-found']);
  });

  await t.test('an unknown run', async () => {
    assertTold(await slipway(['show', 'r0000000'], env), 7, 'r0000000');
  });
});

test('a server or worker that lacks a part says which, and how to get it', async (t) => {
  const folder = await temporaryFolder(t);
  const env = { ...given, SLIPWAY_DATA: folder, SLIPWAY_PORT: '0' };
  assertTold(await slipway(['server'], { ...env, REDIS_URL: 'redis://127.0.0.1:9' }), 5, '127.0.0.1:9', 'REDIS_URL');
  assertTold(await slipway(['worker'], { ...env, DOCKER_HOST: 'unix:///no/such.sock' }), 5, '/no/such.sock');
  assertTold(
    await slipway(['server'], { ...env, SLIPWAY_PORT: 'http', SLIPWAY_TOKEN: 'short' }),
    2,
    'SLIPWAY_PORT',
    'SLIPWAY_TOKEN',
  );
});

test('a full disk refuses the upload and says so', async (t) => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return t.skip('a small file system needs root on Linux');
  const folder = await temporaryFolder(t);
  const disk = path.join(folder, 'disk');
  await mkdir(disk);
  const run = promisify(execFile);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
  cleanUp(t, () => run('umount', ['-l', disk]));
  const token = 'a-token-for-this-test';
  const server = startSlipway(t, ['server'], { ...given, SLIPWAY_DATA: disk, SLIPWAY_PORT: '0', SLIPWAY_TOKEN: token });
  const url = /http:\/\/[^\s"]+/.exec(await server.line('listening'))?.[0] ?? '';
  const context = path.join(folder, 'context');
  await mkdir(context);
  await writeFile(path.join(context, 'Dockerfile'), 'FROM busybox\n');
  await run('dd', ['if=/dev/urandom', `of=${path.join(context, 'noise')}`, 'bs=1k', 'count=1024']);
  assertTold(
    await slipway(['build', '-t', 'x', context], { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: token }),
    5,
    /disk is full/,
    /Free space/,
  );
});
