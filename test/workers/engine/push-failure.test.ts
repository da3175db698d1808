import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainPush } from '../../../workers/engine/push-failure.ts';

const cases = [
  { problem: 'An image does not exist locally with the tag: reg/x', transient: false, hint: /Build the image/ },
  { problem: 'tag does not exist: reg/x:1', transient: false, hint: /Build the image/ },
  {
    problem: 'denied: requested access to the resource is denied',
    transient: false,
    hint: /no credential for reg: .*SLIPWAY_REGISTRY_CREDENTIALS_FILE/,
  },
  { problem: 'no basic auth credentials', transient: false, hint: /no credential for reg/ },
  {
    problem: 'Get "https://reg/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    transient: true,
    hint: /registry runs/,
  },
  { problem: 'received unexpected HTTP status: 503 Service Unavailable', transient: true, hint: /registry runs/ },
  { problem: 'dial tcp: lookup reg on 127.0.0.11:53: no such host', transient: false, hint: /registry name "reg"/ },
  { problem: 'http: server gave HTTP response to HTTPS client', transient: false, hint: /insecure-registries/ },
  { problem: 'x509: certificate signed by unknown authority', transient: false, hint: /CA/ },
  { problem: 'name unknown: repository name not known to registry', transient: false, hint: /repository name/ },
  { problem: 'tag invalid: the tag is immutable', transient: false, hint: /message says why/ },
  { problem: 'another run has given the name to its own image while it was pushed', transient: true, hint: /Run\.ID/ },
  { problem: 'the image that this run has built was removed from the engine', transient: false, hint: /Run it again/ },
  { problem: 'something new', transient: false, hint: /names what to change/ },
];

for (const { problem, transient, hint } of cases) {
  test(problem, () => {
    const failure = explainPush(problem, 'reg', false);
    assert.equal(failure.transient, transient);
    assert.match(failure.hint, hint);
  });
}

test('with a credential, a denial is about its rights', () => {
  assert.match(explainPush('denied', 'reg', true).hint, /credential for reg may push/);
});
