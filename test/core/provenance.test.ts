import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencyImage } from '../../src/core/dependency/dependency-image.ts';
import { provenanceStatement } from '../../src/core/provenance.ts';
import { createMask } from '../../workers/output/mask.ts';
import { buildStep } from '../support/fakes/planned-steps.ts';
import { showAll } from '../support/fakes/show-all.ts';

const image = { registry: 'r.test', repository: 'team/app', tag: '1', digest: `sha256:${'a'.repeat(64)}` };
const facts = {
  bases: [],
  step: buildStep('build', { buildArgs: ['TOKEN=secret', 'V=1'], platforms: ['linux/amd64'] }),
  ...{ runId: 'r1234567', attempt: 2, builder: 'urn:slipway:installation:here', version: '1.0.0', engine: '26.1.5' },
  startedAt: Date.UTC(2026, 0, 2),
  finishedAt: Date.UTC(2026, 0, 3),
};

test('a statement says what was built how and where, and no value of a build argument', () => {
  const source = { uri: 'git+https://git.test/a.git', commit: 'c0ffee' };
  assert.deepEqual(provenanceStatement(image, { ...facts, source }, showAll), {
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

test('a statement names the images that the build is based on, once each and with their digests', () => {
  const base = (reference: string, digest = `sha256:${'b'.repeat(64)}`) => {
    const result = dependencyImage(reference);
    assert.ok(result.kind === 'valid');
    return { ...result.image, digest };
  };
  const bases = [base('node:20'), base('node:20'), base('r.test:5000/tool'), base('unknown', ''), base('scratch', '')];
  const source = { uri: 'git+https://git.test/a.git', commit: 'c0ffee' };
  const statement = JSON.parse(JSON.stringify(provenanceStatement(image, { ...facts, source, bases }, showAll)));
  const digest = { sha256: 'b'.repeat(64) };
  assert.deepEqual(statement.predicate.buildDefinition.resolvedDependencies, [
    { uri: 'git+https://git.test/a.git', digest: { gitCommit: 'c0ffee' } },
    { uri: 'pkg:docker/node@20', digest },
    { uri: 'pkg:docker/tool@latest?repository_url=r.test:5000', digest },
  ]);
});

test('a source that nobody knows is not made up', () => {
  const statement = JSON.stringify(provenanceStatement(image, facts, showAll));
  assert.match(statement, /"resolvedDependencies":\[\]/);
});

const SECRET = 'hush-hush';

/** What is told of an image that was built from this. */
function statementOf(context: string): string {
  return JSON.stringify(provenanceStatement(image, { ...facts, step: { ...facts.step, context } }, showAll));
}

for (const [context, shown] of [
  [`https://${SECRET}@git.test/o/r.git#main:app`, 'https://git.test/o/r.git#main:app'],
  [`https://me:${SECRET}@git.test/o/r.git`, 'https://git.test/o/r.git'],
  [`https://h.test/a.tar.gz?sig=${SECRET}&x=1`, 'https://h.test/a.tar.gz?…'],
  [`https://me:${SECRET}@h.test/a.tar.gz`, 'https://h.test/a.tar.gz'],
  [`ftp://me:${SECRET}@h.test/a?k=${SECRET}`, 'ftp://h.test/a?…'],
  ['git@git.test:o/r.git#main', 'git@git.test:o/r.git#main'],
  ['oci://r.test/a:1', 'oci://r.test/a:1'],
  ['app/src', 'app/src'],
] as const) {
  test(`the context ${context} is told as ${shown}`, () => {
    const statement = statementOf(context);
    assert.ok(statement.includes(`"context":${JSON.stringify(shown)}`), statement);
    assert.ok(!statement.includes(SECRET));
  });
}

test('the secrets of the run are hidden in all that is told but digests', () => {
  const hide = createMask([SECRET, 'c0ffee', 'a'.repeat(64)]).hide;
  const bases = [
    {
      registry: 'r.test',
      repository: SECRET,
      tag: '1',
      digest: `sha256:${'a'.repeat(64)}`,
      reference: `r.test/${SECRET}:1`,
    },
  ];
  const step = {
    ...facts.step,
    context: `https://h.test/${SECRET}.git`,
    dockerfile: `${SECRET}/Dockerfile`,
    target: SECRET,
  };
  const source = { uri: `https://git.test/${SECRET}/r.git`, commit: 'c0ffee' };
  const statement = provenanceStatement({ ...image, repository: SECRET }, { ...facts, step, bases, source }, hide);
  const text = JSON.stringify(statement);
  assert.ok(!text.includes(SECRET), text);
  assert.match(text, /"digest":\{"gitCommit":"c0ffee"\}/);
  assert.equal(text.split(`"sha256":"${'a'.repeat(64)}"`).length, 3, text);
});
