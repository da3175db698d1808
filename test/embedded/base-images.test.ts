import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, test } from 'node:test';
import { knownReferences, recipeFor } from '../../src/embedded/base-images/catalogue.ts';
import { aptSettings, chooseMirrors } from '../../src/embedded/base-images/debian.ts';
import { ensureBaseImages } from '../../src/embedded/base-images.ts';
import { engineClient } from '../../src/embedded/engine-client.ts';
import { finishProgress } from '../../src/embedded/engine-stream.ts';
import { realParts } from '../support/real-parts.ts';

const { dockerHost } = realParts();
const cacheDir = mkdtempSync(join(tmpdir(), 'slipway-cache-'));
after(() => rmSync(cacheDir, { recursive: true, force: true }));
const options = { dockerHost, cacheDir, env: process.env, onNotice: () => {} };

const recipes = [
  { name: 'busybox', kind: 'busybox' },
  { name: 'debian:12-slim', kind: 'debian' },
  { name: 'node', kind: 'node', major: 22 },
  { name: 'node:20-bookworm-slim', kind: 'node', major: 20 },
  { name: 'redis:7', kind: 'redis' },
  { name: 'registry:2', kind: 'registry' },
  { name: 'alpine', kind: undefined },
  { name: 'node:22-alpine', kind: undefined },
];

for (const { name, kind, major } of recipes) {
  test(`recipe for ${name}`, () => {
    const recipe = recipeFor(name);
    assert.deepEqual([recipe?.kind, recipe?.major], [kind, major]);
  });
}

test('no reference has two recipes', () => {
  assert.equal(new Set(knownReferences()).size, knownReferences().length);
});

test('the mirror is taken from what apt tells', () => {
  const shown =
    'https://x/debian/ bookworm\nhttps://x/debian/ bookworm-updates\nhttps://x/debian-security/ bookworm-security\n';
  assert.deepEqual(chooseMirrors(shown), { main: 'https://x/debian', security: 'https://x/debian-security' });
  assert.deepEqual(chooseMirrors('https://x/debian bookworm\n'), { main: 'https://x/debian', security: undefined });
  assert.equal(chooseMirrors('https://x/ubuntu/ noble\n'), undefined);
});

test('only apt settings about reaching and believing a mirror are taken over', () => {
  const dumped =
    'Acquire::Check-Date "false";\nAcquire::cdrom::mount "/x";\nAcquire::http::Proxy "http://p";\nAPT::Arch "amd64";\n';
  assert.equal(aptSettings(dumped), 'Acquire::Check-Date "false";\nAcquire::http::Proxy "http://p";\n');
});

test('an error in the engine’s stream is an error, even when a line is cut in two', async () => {
  const stream = new PassThrough();
  stream.write('{"stream":"Step 1/1"}\n{"err');
  stream.end('or":"no space left"}\n');
  await assert.rejects(finishProgress(stream), /no space left \(after: Step 1\/1\)/);
});

test('busybox is on the engine and runs', async () => {
  await ensureBaseImages({ ...options, names: ['busybox', 'busybox:latest'] });
  const docker = engineClient(dockerHost);
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sh', '-c', 'echo hello | sed s/l/L/g'],
    Tty: true,
  });
  await container.start();
  await container.wait();
  const said = (await container.logs({ stdout: true })).toString();
  await container.remove();
  assert.equal(said.trim(), 'heLLo');
});

test('an image that can be neither pulled nor made is named, with those that can', async () => {
  const names = ['slipway.invalid/no/such:1'];
  await assert.rejects(
    ensureBaseImages({ ...options, names }),
    /slipway\.invalid\/no\/such:1 can not be pulled .* busybox:latest, /,
  );
});
