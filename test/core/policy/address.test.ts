import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressProblem } from '../../../src/core/policy/address.ts';

const forbidden: Readonly<Record<string, readonly string[]>> = {
  'the unspecified address': ['0.0.0.0', '0.1.2.3', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0'],
  'the worker itself': [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:7F00:0001',
    '0:0:0:0:0:ffff:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2002:7f00:0001:1234::1',
  ],
  'private network': [
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.255.255',
    'fc00::1',
    'fd00:ec2::254',
    'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'fec0::1',
    '64:ff9b:1::1',
    '64:ff9b:1:ffff::8.8.8.8',
    '::ffff:10.1.2.3',
    '64:ff9b::192.168.1.1',
    '2002:c0a8:0101::1',
    '2002:0a00:0001::',
  ],
  'own link': [
    '169.254.0.0',
    '169.254.169.254',
    'fe80::1',
    'febf::1',
    'fe80::1%eth0',
    '::ffff:169.254.169.254',
    '2002:a9fe:a9fe::',
  ],
  "a carrier's NAT": ['100.64.0.1', '100.100.100.200', '100.127.255.255', '64:ff9b::100.64.0.1'],
  'platform of the cloud': ['168.63.129.16', '::ffff:168.63.129.16'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff00::', '::ffff:224.0.0.1'],
  reserved: [
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '255.255.255.255',
    '::2',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '100::1',
    '2001::1',
    '2001:0:7f00:1::',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    '1fff:ffff::1',
  ],
  'no address': [
    '',
    'localhost',
    '127.1',
    '127.0.0.1.',
    ' 127.0.0.1',
    '0177.0.0.1',
    '010.8.8.8',
    '0x7f.0.0.1',
    '2130706433',
    '256.1.1.1',
    '8.8.8',
    '8.8.8.8.8',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '2606:4700::g',
    '2606:4700::12345',
    '8.8.8.8::',
    '2606:4700::8.8.8.8:1',
    '[::1]',
  ],
};

for (const [what, addresses] of Object.entries(forbidden)) {
  for (const address of addresses) {
    test(`"${address}" must not be contacted: ${what}`, () => {
      assert.ok(addressProblem(address)?.includes(what), addressProblem(address));
    });
  }
}

const allowed = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.15',
  '168.63.129.17',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2a00:1450::1',
  '3ffe::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
];

for (const address of allowed) {
  test(`${address} may be contacted`, () => assert.equal(addressProblem(address), undefined));
}

test('agrees with the reading of addresses of Node', () => {
  const list = new BlockList();
  for (const [prefix, bits] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['224.0.0.0', 3],
  ] as const) {
    list.addSubnet(prefix, bits);
  }
  fc.assert(fc.property(fc.ipV4(), (address) => !list.check(address) || addressProblem(address) !== undefined));
  fc.assert(fc.property(fc.ipV6(), (address) => isIP(address) === 6 && addressProblem(address) !== 'no address'));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.') }), (text) => {
      assert.equal(addressProblem(text) === 'no address', isIP(text) === 0, text);
    }),
  );
});
