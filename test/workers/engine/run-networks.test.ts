import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import type { PlannedNetwork } from '../../../task-schemas/index.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { privateSubnet } from '../../../workers/engine/run-networks.ts';
import { objectsOf } from '../../support/engine-objects.ts';
import { cmdStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { type RealRun, withRealRun } from './real-engine.ts';

const sh = (script: string) => ({ args: ['sh', '-c', script] });

function network(name: string, change: Partial<PlannedNetwork> = {}): PlannedNetwork {
  return { name, ipv6: false, external: false, isDefault: false, ...change };
}

const plan = { networks: [network('front'), network('back'), network('unused')] };

/** A server that answers with a word of its own, and a step that asks it by its step id. */
async function askOwnServer({ succeed }: RealRun, word: string): Promise<string> {
  const script = `mkdir -p /tmp/www; echo ${word} > /tmp/www/index.html; exec httpd -f -h /tmp/www`;
  await succeed(cmdStep('server', { ...sh(script), network: 'front', detach: true }));
  const ask = sh('for i in $(seq 50); do wget -qO- http://server && exit; sleep 0.1; done; exit 1');
  return (await succeed(cmdStep('ask', { ...ask, network: 'front' }))).text('stdout');
}

test('two runs of one task at once: in each, the step id leads to its own server', () =>
  withRealRun(
    {},
    (one) =>
      withRealRun(
        {},
        async (two) => {
          const answers = await Promise.all([askOwnServer(one, 'first'), askOwnServer(two, 'second')]);
          assert.deepEqual(answers, ['first\n', 'second\n']);
        },
        { plan },
      ),
    { plan },
  ));

test('networks of a task are apart from each other and from that of the run', () =>
  withRealRun(
    {},
    async ({ run, succeed }) => {
      await succeed(cmdStep('server', { args: ['httpd', '-f', '-h', '/workspace'], network: 'front', detach: true }));
      for (const other of [{ network: 'back' }, {}]) {
        const { result, output } = await run(cmdStep('look', { args: ['nslookup', 'server'], ...other }));
        assert.equal(result.kind, 'failed', output.text('stdout'));
      }
    },
    { plan },
  ));

test('only what is used is made, and the log says so once', () =>
  withRealRun(
    {},
    async ({ runId, succeed }) => {
      const first = await succeed(cmdStep('a', { args: ['true'], network: 'front' }));
      const again = await succeed(cmdStep('b', { args: ['true'], network: 'front' }));
      const own = await succeed(cmdStep('c', { args: ['true'] }));
      await succeed(cmdStep('d', { args: ['true'], network: 'none' }));
      assert.deepEqual(first.notes, [
        "Creating Docker network: front, driver: 'bridge'",
        'Successfully set up Docker network: front',
      ]);
      assert.deepEqual(again.notes, []);
      assert.deepEqual(own.notes, [
        "Creating Docker network: acb_default_network, driver: 'bridge'",
        'Successfully set up Docker network: acb_default_network',
      ]);
      const networks = (await objectsOf(realParts().dockerHost, runId)).filter((name) => name.startsWith('network '));
      assert.deepEqual(networks.sort(), [`network slipway-${runId}-1`, `network slipway-${runId}-1-front`]);
    },
    { plan },
  ));

test('a network with IPv6 gives its containers such an address', () =>
  withRealRun(
    {},
    async ({ succeed }) => {
      const look = cmdStep('look', { ...sh('ip -6 -o addr show eth0'), network: 'six' });
      assert.match((await succeed(look)).text('stdout'), /inet6 fd[0-9a-f:]+\/64/);
    },
    { plan: { networks: [network('six', { ipv6: true })] } },
  ));

test('a network that exists already is joined when the policy names it, and never removed', async () => {
  const connection = connectEngine(realParts().dockerHost);
  const name = `corp-${randomBytes(4).toString('hex')}`;
  const existing = await connection.docker.createNetwork({ Name: name });
  try {
    const corp = { networks: [network(name, { external: true })] };
    const look = cmdStep('look', { ...sh('ip -o -4 addr show eth0'), network: name });
    const policy = { ...STRICT_POLICY, externalNetworks: [name] };
    await withRealRun(
      {},
      async ({ succeed }) => {
        const { IPAM } = await existing.inspect();
        const prefix = String(IPAM?.Config?.[0]?.Subnet).replace(/\.\d+\/\d+$/, '.');
        const output = await succeed(look);
        assert.ok(output.text('stdout').includes(prefix), `${output.text('stdout')} is in ${prefix}`);
        assert.deepEqual(output.notes, [`Skip creating network: ${name}`]);
      },
      { plan: corp, policy },
    );
    await existing.inspect();
    await withRealRun({}, async ({ run }) => assert.equal((await run(look)).result.kind, 'failed'), { plan: corp });
  } finally {
    await existing.remove();
    connection.close();
  }
});

test('subnets are private, and differ from network to network', () => {
  assert.match(privateSubnet('a'), /^fd[0-9a-f]{2}:[0-9a-f]{4}:[0-9a-f]{4}:[0-9a-f]{4}::\/64$/);
  assert.notEqual(privateSubnet('a'), privateSubnet('b'));
});
