import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountsBelow } from '../../src/embedded/engine-leftovers.ts';
import { bridgesOf, chooseSecond, firewallRules } from '../../src/embedded/engine-network.ts';

const HEAD = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT';
const route = (destination: string, mask: string) => `eth0\t${destination}\t00000000\t0001\t0\t0\t0\t${mask}\t0\t0\t0`;

const cases = [
  { name: 'no routes', routes: [], start: 0, expected: 50 },
  { name: 'the start decides', routes: [], start: 7, expected: 57 },
  { name: 'the start wraps', routes: [], start: 207, expected: 57 },
  { name: 'the default route takes nothing', routes: [route('00000000', '00000000')], start: 0, expected: 50 },
  { name: '10.50.3.0/24 is taken', routes: [route('0003320A', '00FFFFFF')], start: 0, expected: 51 },
  { name: '10.48.0.0/13 takes eight', routes: [route('0000300A', '0000F8FF')], start: 0, expected: 56 },
  { name: '192.168.50.0/24 is another range', routes: [route('0032A8C0', '00FFFFFF')], start: 0, expected: 50 },
];

for (const { name, routes, start, expected } of cases) {
  test(`addresses of a private engine: ${name}`, () =>
    assert.equal(chooseSecond([HEAD, ...routes].join('\n'), start), expected));
}

test('a machine whose whole 10.0.0.0/8 is routed is told so', () => {
  assert.throws(
    () => chooseSecond([HEAD, route('0000000A', '000000FF')].join('\n'), 0),
    /Give an engine with DOCKER_HOST/,
  );
});

test('every firewall rule names the engine’s own addresses and carries its name', () => {
  for (const { rule } of firewallRules({ bridge: 'slip12345678', second: 77 })) {
    assert.ok(rule.includes('10.77.0.0/16') && rule.includes('slip12345678'), rule.join(' '));
  }
});

test('only bridges of this engine’s networks are found', () => {
  const shown = [
    '1: lo    inet 127.0.0.1/8 scope host lo',
    '2: slip12345678    inet 10.77.0.1/24 scope global slip12345678',
    '3: br-aaaaaaaaaaaa    inet 10.77.128.1/24 scope global br-aaaaaaaaaaaa',
    '4: br-bbbbbbbbbbbb    inet 10.7.128.1/24 scope global br-bbbbbbbbbbbb',
    '5: br-cccccccccccc    inet 172.18.0.1/16 scope global br-cccccccccccc',
    '6: docker0    inet 10.77.200.1/24 scope global docker0',
  ];
  assert.deepEqual(bridgesOf({ bridge: 'slip12345678', second: 77 }, shown.join('\n')), ['br-aaaaaaaaaaaa']);
});

test('mounts are found below a folder only, the deepest first', () => {
  const table = 'a /run/x/netns tmpfs\nb /run/xy tmpfs\nc /run/x/netns/default nsfs\nd /with\\040space/y ext4\n';
  assert.deepEqual(mountsBelow(table, ['/run/x', '/with space']), [
    '/with space/y',
    '/run/x/netns/default',
    '/run/x/netns',
  ]);
});
