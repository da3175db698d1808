import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { choosePort } from '../../src/embedded/free-port.ts';

const directory = mkdtempSync(join(tmpdir(), 'slipway-port-'));
after(() => rmSync(directory, { recursive: true, force: true }));

async function listen(port: number) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('a folder keeps its port while it is free, and gets another when it is taken', async () => {
  const first = await choosePort(directory, undefined, 'a test');
  assert.equal(await choosePort(directory, undefined, 'a test'), first);
  const server = await listen(first);
  const second = await choosePort(directory, undefined, 'a test');
  server.close();
  assert.notEqual(second, first);
  assert.equal(await choosePort(directory, undefined, 'a test'), second);
});

test('a fixed port that is taken is refused with its number', async () => {
  const server = await listen(0);
  const { port } = server.address() as AddressInfo; // a TCP server's address is always this
  await assert.rejects(
    choosePort(directory, port, 'a test'),
    new RegExp(`Port ${port} of 127\\.0\\.0\\.1, wanted for a test, is in use`),
  );
  server.close();
});
