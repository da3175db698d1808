import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerHost } from '../../../workers/engine/connection.ts';

const cases = [
  { text: 'unix:///var/run/docker.sock', expected: { kind: 'unix', socketPath: '/var/run/docker.sock' } },
  { text: 'tcp://engine:2374', expected: { kind: 'tcp', host: 'engine', port: 2374 } },
  { text: 'tcp://10.0.0.1', expected: { kind: 'tcp', host: '10.0.0.1', port: 2375 } },
  { text: 'tcp://[::1]:2375/', expected: { kind: 'tcp', host: '::1', port: 2375 } },
] as const;

for (const { text, expected } of cases) {
  test(`DOCKER_HOST ${text}`, () => assert.deepEqual(parseDockerHost(text), expected));
}

for (const text of ['', 'unix://docker.sock', 'npipe:////./pipe/docker_engine', '/var/run/docker.sock']) {
  test(`DOCKER_HOST "${text}" is refused with the forms there are`, () => {
    assert.throws(() => parseDockerHost(text), /is not an address of an engine: use unix:\/\/\/path/);
  });
}

for (const text of ['ssh://host', 'https://host', 'tcp://host:2376']) {
  test(`DOCKER_HOST ${text} is refused with a way out`, () => {
    assert.throws(() => parseDockerHost(text), /do(es)? not speak .* forward its socket/);
  });
}
