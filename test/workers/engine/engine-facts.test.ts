import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFacts } from '../../../workers/engine/engine-facts.ts';

test('the image store is told by the status of the driver', () => {
  const containerd = [['driver-type', 'io.containerd.snapshotter.v1']];
  assert.equal(readFacts({ ServerVersion: '26.1.5', DriverStatus: containerd }).imageStore, 'containerd');
  assert.equal(readFacts({ DriverStatus: [['Backing Filesystem', 'extfs']] }).imageStore, 'graphdriver');
  assert.equal(readFacts({ DriverStatus: null }).imageStore, 'graphdriver');
});

test('plain HTTP goes where the engine speaks it, and nowhere else', () => {
  const facts = readFacts({
    RegistryConfig: {
      InsecureRegistryCIDRs: ['127.0.0.0/8', '10.1.0.0/16', 'fd00::/8'],
      IndexConfigs: { 'docker.io': { Secure: true }, 'reg.test:5000': { Secure: false } },
    },
  });
  const allowed = ['127.0.0.1:5000', '127.9.9.9', 'localhost:5000', '10.1.2.3:80', 'reg.test:5000', '[fd00::1]:5000'];
  const refused = ['reg.test', 'docker.io', '10.2.0.1', 'example.com', '[::2]:5000', '127.0.0.1.example.com'];
  assert.deepEqual(
    allowed.map(facts.allowsPlainHttp),
    allowed.map(() => true),
  );
  assert.deepEqual(
    refused.map(facts.allowsPlainHttp),
    refused.map(() => false),
  );
  assert.equal(readFacts({}).allowsPlainHttp('127.0.0.1'), false);
});
