import assert from 'node:assert/strict';
import { test } from 'node:test';
import { provenanceStatement } from '../../src/core/provenance.ts';
import { buildStep } from '../support/fakes/planned-steps.ts';

const image = { registry: 'r.test', repository: 'team/app', tag: '1', digest: `sha256:${'a'.repeat(64)}` };
const facts = {
  step: buildStep('build', { buildArgs: ['TOKEN=secret', 'V=1'], platforms: ['linux/amd64'] }),
  ...{ runId: 'r1234567', attempt: 2, installation: 'here', version: '1.0.0', engine: '26.1.5' },
  startedAt: Date.UTC(2026, 0, 2),
  finishedAt: Date.UTC(2026, 0, 3),
};

test('a statement says what was built how and where, and no value of a build argument', () => {
  const source = { uri: 'git+https://git.test/a.git', commit: 'c0ffee' };
  assert.deepEqual(provenanceStatement(image, { ...facts, source }), {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'r.test/team/app', digest: { sha256: 'a'.repeat(64) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:slipway:build:v1',
        externalParameters: {
          ...{ step: 'build', context: '.', dockerfile: 'Dockerfile', platforms: ['linux/amd64'] },
          ...{ buildArgs: ['TOKEN', 'V'], pull: false, noCache: false },
        },
        internalParameters: { engine: '26.1.5' },
        resolvedDependencies: [{ uri: 'git+https://git.test/a.git', digest: { gitCommit: 'c0ffee' } }],
      },
      runDetails: {
        builder: { id: 'urn:slipway:installation:here', version: { slipway: '1.0.0' } },
        metadata: {
          invocationId: 'r1234567/2',
          startedOn: '2026-01-02T00:00:00.000Z',
          finishedOn: '2026-01-03T00:00:00.000Z',
        },
      },
    },
  });
});

test('a source that nobody knows is not made up', () => {
  const statement = JSON.stringify(provenanceStatement(image, facts));
  assert.match(statement, /"resolvedDependencies":\[\]/);
});
