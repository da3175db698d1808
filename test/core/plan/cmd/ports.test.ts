import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposed, parsePublished, portProblem } from '../../../../src/core/plan/cmd/ports.ts';

const published = [
  { text: '80', expected: [['80/tcp', undefined, '']] },
  { text: '80/udp', expected: [['80/udp', undefined, '']] },
  { text: '53/UDP', expected: [['53/udp', undefined, '']] },
  { text: '8080:80', expected: [['80/tcp', undefined, '8080']] },
  { text: '127.0.0.1:8080:80', expected: [['80/tcp', '127.0.0.1', '8080']] },
  { text: '127.0.0.1::80', expected: [['80/tcp', '127.0.0.1', '']] },
  { text: '[::1]:8080:80', expected: [['80/tcp', '::1', '8080']] },
  {
    text: '8000-8001:80-81',
    expected: [
      ['80/tcp', undefined, '8000'],
      ['81/tcp', undefined, '8001'],
    ],
  },
  { text: '8000-8002:80-81', expected: undefined },
  { text: '0', expected: undefined },
  { text: '65536', expected: undefined },
  { text: '99999', expected: undefined },
  { text: '70000:80', expected: undefined },
  { text: 'x:y', expected: undefined },
  { text: 'http', expected: undefined },
  { text: '80/http', expected: undefined },
  { text: '', expected: undefined },
];

for (const { text, expected } of published) {
  test(`publish "${text}"`, () => {
    const ports = parsePublished(text)?.map((port) => [port.containerPort, port.hostAddress, port.hostPort]);
    assert.deepEqual(ports, expected);
  });
}

test('exposed ports are single ports or ranges', () => {
  assert.deepEqual(parseExposed('53/udp'), ['53/udp']);
  assert.deepEqual(parseExposed('1-3'), ['1/tcp', '2/tcp', '3/tcp']);
  assert.equal(parseExposed('3-1'), undefined);
  assert.equal(parseExposed('80:80'), undefined);
});

test('what is wrong with a port names it and how ports are written', () => {
  const problem = portProblem('ports', '70000:80');
  assert.match(problem?.message ?? '', /"70000:80" is not a port to publish/);
  assert.match(problem?.hint ?? '', /8080:80.*65535/);
  assert.match(portProblem('expose', '80:80')?.message ?? '', /"80:80" is not a port/);
  assert.equal(portProblem('ports', '1-65535:1-65535/udp'), undefined);
  assert.equal(portProblem('expose', '1-65535'), undefined);
});

test('nothing is said of a port that a secret will tell', () => {
  assert.equal(portProblem('ports', 'secret:port:80'), undefined);
});
