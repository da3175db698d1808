import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isRegistry, startRegistry } from '../../src/embedded/registry.ts';
import { realParts } from '../support/real-parts.ts';

realParts(); // these tests start their own, and need the program that the runner sees to

const root = mkdtempSync(join(tmpdir(), 'slipway-registry-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('the registry starts whatever the shell says, takes and deletes blobs, and keeps its address and its content', async () => {
  const options = {
    directory: join(root, 'one'),
    env: { ...process.env, REGISTRY_HTTP_ADDR: '127.0.0.1:1', REGISTRY_AUTH: 'none' },
  };
  const first = await startRegistry(options);
  const blobs = `http://${first.registry}/v2/some/image/blobs`;
  const digest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'; // of "hello"
  const { headers } = await fetch(`${blobs}/uploads/`, { method: 'POST' });
  const upload = new URL(headers.get('location') ?? '', blobs);
  upload.searchParams.set('digest', digest);
  const type = { 'content-type': 'application/octet-stream' };
  assert.equal((await fetch(upload, { method: 'PUT', body: 'hello', headers: type })).status, 201);
  await first.close();
  await assert.rejects(isRegistry(first.registry));

  const second = await startRegistry(options);
  assert.equal(second.registry, first.registry);
  assert.equal(await (await fetch(`${blobs}/${digest}`)).text(), 'hello');
  assert.equal((await fetch(`${blobs}/${digest}`, { method: 'DELETE' })).status, 202);
  await second.close();
  assert.deepEqual(readdirSync(options.directory).sort(), [
    'daemon.log',
    'daemon.log.1',
    'data',
    'port',
    'registry.yml',
  ]);
});
