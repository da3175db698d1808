import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { cleanUp } from '../../support/clean-up.ts';
import { realParts } from '../../support/real-parts.ts';
import { slipway, temporaryFolder } from '../../support/slipway.ts';

const { dockerHost, registry } = realParts();
const TOKEN = 'a-token-for-hosts';

/** Executes a task of one step; nothing else is temporary where its folder is. */
async function execute(t: TestContext, step: string, env: Record<string, string>) {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'task.yaml'), `version: v1.1.0\nsteps:\n  - ${step}\n`);
  return slipway(['exec', '-f', 'task.yaml', '--json', '/dev/null'], { SLIPWAY_REGISTRY: registry, ...env }, folder);
}

/** An engine that says what it is and can do nothing else; answers its address. */
async function brokenEngine(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const isVersion = request.url?.endsWith('/version') === true;
    response.writeHead(isVersion ? 200 : 500, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(isVersion ? { Os: 'linux', Arch: 'amd64', Version: '20' } : { message: `no ${TOKEN}` }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(t, () => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on TCP has an address with a port.
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('credentials of hosts are hidden in the log', async (t) => {
  const credentials = JSON.stringify({ 'git.test': { token: TOKEN } });
  const env = { DOCKER_HOST: dockerHost, SLIPWAY_SOURCE_CREDENTIALS: credentials };
  const done = await execute(t, `cmd: busybox sh -c 'echo "it is ${TOKEN.slice(0, 5)}""${TOKEN.slice(5)}."'`, env);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /it is \*\*\*\./);
  assert.doesNotMatch(done.stderr + done.stdout, new RegExp(TOKEN));
});

test('credentials of hosts that are none are refused before anything runs, and not shown', async (t) => {
  const env = { DOCKER_HOST: dockerHost, SLIPWAY_SOURCE_CREDENTIALS: `{"git.test": "${TOKEN}"}` };
  const done = await execute(t, 'cmd: busybox true', env);
  assert.equal(done.code, 2, done.stderr);
  assert.match(done.stderr, /SLIPWAY_SOURCE_CREDENTIALS has no object for "git\.test"/);
  assert.doesNotMatch(done.stderr, new RegExp(TOKEN));
});

test('a fault is shown with the place where it was thrown and its causes, without secrets', async (t) => {
  const credentials = JSON.stringify({ 'git.test': { token: TOKEN } });
  const env = { DOCKER_HOST: await brokenEngine(t), SLIPWAY_SOURCE_CREDENTIALS: credentials };
  const done = await execute(t, 'cmd: busybox true', env);
  assert.equal(done.code, 5, done.stderr);
  assert.match(done.stderr, /^ +at .*workers\/engine\/.*:\d+/m);
  assert.match(done.stderr, /\[cause\]: .*no \*\*\*/);
  assert.match(done.stderr, /log of the worker says more \(`slipway exec` prints it\)/);
  assert.doesNotMatch(done.stderr + done.stdout, new RegExp(TOKEN));
});
