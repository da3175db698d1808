import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { decideContainer } from '../../../workers/engine/create-options.ts';
import { createPauseImage } from '../../../workers/engine/pause/image.ts';
import { holderOptions, joinNamespace } from '../../../workers/engine/shared-namespace.ts';
import { cmdStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { withRealRun } from './real-engine.ts';

const id = { installation: 'here', runId: 'r0000001', attempt: 2 };
const sh = (script: string) => ({ args: ['sh', '-c', script] });

test('a container that joins has no network of its own, and is otherwise the same', () => {
  const decision = decideContainer(cmdStep('a', { memoryBytes: 10_000_000 }), id, STRICT_POLICY);
  assert.ok(decision.kind === 'create');
  const { NetworkingConfig, ExposedPorts, HostConfig, ...rest } = decision.options;
  const joined = joinNamespace(decision.options, 'abc');
  const { NetworkMode, PortBindings, ...host } = HostConfig ?? {};
  assert.deepEqual([NetworkMode, PortBindings, ExposedPorts], ['slipway-r0000001-2', {}, {}]);
  assert.ok(NetworkingConfig !== undefined);
  assert.deepEqual(joined, { ...rest, HostConfig: { ...host, NetworkMode: 'container:abc' } });
});

test('the holder answers to the steps’ ids, and may do nothing', () => {
  const { HostConfig, NetworkingConfig } = holderOptions(id, 'sha256:1', ['a', 'b']);
  assert.deepEqual(NetworkingConfig.EndpointsConfig, { 'slipway-r0000001-2': { Aliases: ['a', 'b'] } });
  assert.deepEqual([HostConfig.CapDrop, HostConfig.ReadonlyRootfs], [['ALL'], true]);
});

test('steps one after the other share an address, and all ids lead where they should', () => {
  const address = "ip -4 -o addr show eth0 | awk '{ print $4 }'";
  const self = 'echo to myself > /tmp/got; httpd -p 8080 -h /tmp; wget -qO- http://b:8080/got';
  const web = cmdStep('web', { args: ['httpd', '-f', '-h', '/workspace'], detach: true });
  const a = cmdStep('a', { ...sh(`${address}; wget -qO- http://web/index.html`), dependsOn: ['web'] });
  const b = cmdStep('b', { ...sh(`${address}; ${self}`), dependsOn: ['a'] });
  return withRealRun(
    { 'index.html': 'hello\n' },
    async ({ succeed }) => {
      await succeed(web);
      const first = await succeed(a);
      const second = await succeed(b);
      const alone = await succeed(cmdStep('alone', sh(address)));
      const [shared, page] = first.text('stdout').split('\n');
      assert.equal(page, 'hello');
      assert.equal(second.text('stdout'), `${shared}\nto myself\n`);
      assert.notEqual(alone.text('stdout'), `${shared}\n`);
    },
    { steps: [web, a, b] },
  );
});

test('a detached step reaches those that share by their ids', () => {
  const ask = 'until nc a 8080 < /dev/null; do sleep 0.1; done; sleep 100';
  const asking = cmdStep('asking', { ...sh(ask), detach: true });
  const a = cmdStep('a', { ...sh('echo here | nc -l -p 8080 > /dev/null; echo asked'), dependsOn: ['asking'] });
  const b = cmdStep('b', { dependsOn: ['a'] });
  return withRealRun(
    {},
    async ({ succeed }) => {
      await succeed(asking);
      assert.equal((await succeed(a)).text('stdout'), 'asked\n');
    },
    { steps: [asking, a, b] },
  );
});

test('what was made for steps that never come goes with the run', () => {
  const a = cmdStep('a', { args: ['true'] });
  const next = ['b', 'c', 'd'].map((step) => cmdStep(step, { dependsOn: ['a'], args: ['true'] }));
  // withRealRun fails when something is left.
  return withRealRun({}, async ({ succeed }) => void (await succeed(a)), { steps: [a, ...next] });
});

test('an image that was removed from the engine is brought again', async () => {
  const connection = connectEngine(realParts().dockerHost);
  try {
    const image = createPauseImage(connection);
    const before = await image.id();
    assert.ok(before !== undefined);
    assert.equal(await image.id(), before);
    image.forget();
    assert.equal(await image.id(), before, 'loading it again makes no other image');
  } finally {
    connection.close();
  }
});
