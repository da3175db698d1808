import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ensureBaseImages } from '../../src/embedded/base-images.ts';
import { startContainer } from '../../src/embedded/container.ts';
import { engineClient } from '../../src/embedded/engine-client.ts';
import { startParts } from '../../src/embedded/parts.ts';
import { isRedis } from '../../src/embedded/redis.ts';
import { isRegistry } from '../../src/embedded/registry.ts';
import { realParts } from '../support/real-parts.ts';
import { assertLocked } from './assert-locked.ts';

const real = realParts();
const root = mkdtempSync(join(tmpdir(), 'slipway-parts-'));
after(() => rmSync(root, { recursive: true, force: true }));
const common = { install: true, env: process.env, onNotice: () => {} };

test('parts that are all given are handed back untouched, and closing leaves them running', async () => {
  const dataDir = join(root, 'given');
  const { close, engineOrigin, ...parts } = await startParts({ ...common, ...real, dataDir });
  assert.deepEqual(parts, real);
  assert.equal(engineOrigin, 'given');
  await close();
  await close();
  assert.equal(await isRedis(real.redisUrl), true);
  assert.equal(await isRegistry(real.registry), true);
  assert.equal((await engineClient(real.dockerHost).ping()).toString(), 'OK');
  assert.equal(existsSync(dataDir), false);
});

test('what is not given is started and closed again', async () => {
  const dataDir = join(root, 'some');
  const parts = await startParts({ ...common, dataDir, dockerHost: real.dockerHost });
  assert.equal(await isRegistry(parts.registry), true);
  await parts.close();
  await assert.rejects(isRegistry(parts.registry));
  await assert.rejects(isRedis(parts.redisUrl));
});

test('when one part fails, the others are closed and its reason is told', async () => {
  const dataDir = join(root, 'broken');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'registry'), 'a file where a folder should be');
  await assert.rejects(startParts({ ...common, dataDir, dockerHost: real.dockerHost }), /registry/);
  assert.equal(readdirSync(join(dataDir, 'redis')).includes('process.json'), false);
});

test('an engine on another machine needs a registry that both can reach', async () => {
  const options = {
    ...common,
    dataDir: join(root, 'far'),
    dockerHost: 'tcp://build.example:2375',
    redisUrl: real.redisUrl,
  };
  await assert.rejects(startParts(options), /is on another machine .* SLIPWAY_REGISTRY/);
});

for (const part of ['redis', 'registry'] as const) {
  test(`${part} as a container answers, keeps its address, and is removed at the end`, async () => {
    const docker = engineClient(real.dockerHost);
    const image = part === 'redis' ? 'redis:7' : 'registry:2';
    const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'slipway');
    await ensureBaseImages({ ...common, dockerHost: real.dockerHost, names: [image], cacheDir });
    const options = { ...common, part, directory: join(root, `container-${part}`), dockerHost: real.dockerHost };
    const first = await startContainer(options);
    await first.close();
    const second = await startContainer(options);
    assert.equal(second.address, first.address);
    if (part === 'redis') await assertLocked(second.address);
    await second.close();
    const left = await docker.listContainers({ all: true, filters: { label: ['dev.slipway.embedded'] } });
    assert.deepEqual(left, []);
  });
}
