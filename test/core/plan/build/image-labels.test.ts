import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseLabels, originLabels, untakenLabels } from '../../../../src/core/plan/build/image-labels.ts';

test('what is not known makes no label', () => {
  assert.deepEqual(originLabels({ runId: 'r1', sourceUrl: '', revision: '' }), ['slipway.run-id=r1']);
  assert.deepEqual(originLabels({ runId: 'r1', sourceUrl: 'https://h/a.git', revision: 'c0' }), [
    'slipway.run-id=r1',
    'org.opencontainers.image.source=https://h/a.git',
    'org.opencontainers.image.revision=c0',
  ]);
  assert.deepEqual(baseLabels('a/b:1', ''), ['org.opencontainers.image.base.name=a/b:1']);
  assert.equal(baseLabels('a/b:1', 'sha256:0')[1], 'org.opencontainers.image.base.digest=sha256:0');
});

test('a label that somebody else sets is left to them', () => {
  assert.deepEqual(untakenLabels(['a=1', 'a.b=2=3', 'c=4'], new Set(['a', 'c'])), ['a.b=2=3']);
});
