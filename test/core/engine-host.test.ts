import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineProblem } from '../../src/core/engine-host.ts';

const usable = [
  { host: undefined, tls: undefined },
  { host: 'unix:///var/run/docker.sock', tls: '1' },
  { host: 'tcp://h:2375', tls: '' },
  { host: 'tcp://h2376.test:2375', tls: undefined },
];

for (const { host, tls } of usable) {
  test(`${host} with DOCKER_TLS_VERIFY=${tls} can be used`, () => assert.equal(engineProblem(host, tls), undefined));
}

const unusable = [
  { host: 'ssh://me@h', tls: undefined, says: /^DOCKER_HOST is "ssh:\/\/me@h", .* SSH/ },
  { host: 'https://h', tls: undefined, says: /^DOCKER_HOST is "https:\/\/h", .* TLS/ },
  { host: 'tcp://h:2376', tls: undefined, says: /^DOCKER_HOST is "tcp:\/\/h:2376", .* TLS/ },
  { host: 'tcp://h:2375', tls: '1', says: /^DOCKER_TLS_VERIFY is set/ },
  { host: undefined, tls: '1', says: /^DOCKER_TLS_VERIFY is set/ },
];

for (const { host, tls, says } of unusable) {
  test(`${host} with DOCKER_TLS_VERIFY=${tls} cannot, and a way out is named`, () => {
    const problem = engineProblem(host, tls);
    assert.match(problem?.reason ?? '', says);
    assert.match(problem?.cure ?? '', /ssh -nNT -L .*DOCKER_HOST=unix:\/\//);
  });
}
