import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensureBaseImages } from '../../src/embedded/base-images.ts';
import { ensurePackages } from '../../src/embedded/packages.ts';
import type { Run } from '../../task-schemas/index.ts';
import { realParts } from '../support/real-parts.ts';
import { root, slipway } from '../support/slipway.ts';

const run = promisify(execFile);
const parts = realParts();

test('docker compose up gives an API and a worker that build, test and push', async (t) => {
  const { protocol, pathname } = new URL(parts.dockerHost);
  if (protocol !== 'unix:') return t.skip('the worker of docker-compose.yml reaches its engine through a socket');
  const notice = (line: string) => t.diagnostic(line);
  const compose = await composeCommand(notice);
  const names = ['node:22-bookworm-slim', 'redis:7', 'registry:2', 'busybox:latest'];
  const cacheDir = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'slipway');
  await ensureBaseImages({ dockerHost: parts.dockerHost, names, cacheDir, env: process.env, onNotice: notice });

  const [port, registryPort] = await freePorts(2);
  const registry = `127.0.0.1:${registryPort}`;
  const env = {
    ...process.env,
    DOCKER_HOST: parts.dockerHost,
    COMPOSE_PROJECT_NAME: `slipway-test-${process.pid}`,
    SLIPWAY_VERSION: `test-${process.pid}`,
    SLIPWAY_PORT: String(port),
    SLIPWAY_REGISTRY_PORT: String(registryPort),
    SLIPWAY_REGISTRY: registry,
    SLIPWAY_DOCKER_SOCKET: pathname,
    // Version 1 would otherwise hand the build to a docker command, which may be missing or too new for the engine.
    COMPOSE_DOCKER_CLI_BUILD: '0',
    DOCKER_BUILDKIT: '0',
  };
  const up = (...args: string[]) =>
    run(compose[0], [...compose.slice(1), ...args], { cwd: root, env, maxBuffer: 64 << 20 });
  t.after(() => up('down', '--volumes', '--rmi', 'local', '--timeout', '5'));
  await up('up', '--build', '--detach');

  const url = `http://127.0.0.1:${port}`;
  await ready(url, () => up('logs', '--no-color'));
  const token = (await up('exec', '-T', 'api', 'cat', '/data/token')).stdout.trim();
  const cli = { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: token };
  const ran = await slipway(['run', '-f', 'examples/hello/task.yaml', '--json', 'examples/hello'], cli);
  assert.equal(ran.code, 0, ran.stderr);
  const record: Run = JSON.parse(ran.stdout);
  assert.deepEqual(
    record.outputImages.map((image) => [image.registry, image.repository, image.tag]),
    [[registry, 'hello', record.id]],
  );
  // The API now reads what the worker has written, as the same user.
  assert.match((await slipway(['logs', record.id], cli)).stdout, /answered: /);
  for (const service of ['api', 'worker']) {
    assert.equal((await up('exec', '-T', service, 'stat', '-c', '%u', '/proc/1')).stdout.trim(), '1000', service);
  }
  const answer = await fetch(`http://${registry}/v2/hello/manifests/${record.id}`, { method: 'HEAD' });
  assert.equal(answer.status, 200);
});

/** Compose as a plugin of docker, or as a command of its own; installed where that is possible. */
async function composeCommand(onNotice: (line: string) => void): Promise<[string, ...string[]]> {
  const isPlugin = await run('docker', ['compose', 'version']).then(
    () => true,
    () => false,
  );
  if (isPlugin) return ['docker', 'compose'];
  const need = {
    name: 'Docker Compose',
    commands: ['docker-compose'],
    apt: 'docker-compose',
    elsewhere: 'install Docker’s compose plugin',
  };
  await ensurePackages([need], { install: process.env.SLIPWAY_TEST_INSTALL !== 'no', env: process.env, onNotice });
  return ['docker-compose'];
}

async function ready(url: string, logs: () => Promise<{ stdout: string }>): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    // Compose's proxy takes connections before the API listens, and fetch then waits for ever: hence the race.
    const answer = await Promise.race([fetch(`${url}/readyz`).catch(() => undefined), sleep(2_000)]);
    if (answer?.ok) return;
    await sleep(500);
  }
  assert.fail(`the API of Compose did not become ready:\n${(await logs()).stdout}`);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.on('listening', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  for (const server of servers) server.close();
  return ports;
}
