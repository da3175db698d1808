import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOrigin, withOrigin } from '../../../../src/core/plan/build/context-origin.ts';
import { buildStep } from '../../../support/fakes/planned-steps.ts';
import { showAll } from '../../../support/fakes/show-all.ts';

const SOURCE = 'org.opencontainers.image.source';
const REVISION = 'org.opencontainers.image.revision';

for (const [context, commit, expected] of [
  [
    'https://me:hush@h.test/o/tool.git#main:app',
    'abc',
    { uri: 'https://h.test/o/tool.git#main:app', repository: 'https://h.test/o/tool.git', commit: 'abc' },
  ],
  [
    'git@h.test:o/tool.git',
    'abc',
    { uri: 'git@h.test:o/tool.git', repository: 'git@h.test:o/tool.git', commit: 'abc' },
  ],
  ['https://h.test/a.tgz?sig=hush', undefined, { uri: 'https://h.test/a.tgz?…', repository: '' }],
  ['oci://r.test/tool:1', undefined, { uri: 'oci://r.test/tool:1', repository: '' }],
] as const) {
  test(`what was fetched from ${expected.uri} is named without what is secret`, () =>
    assert.deepEqual(contextOrigin(context, commit, showAll), expected));
}

test('the secrets of the run are hidden in it', () => {
  const hide = (text: string) => text.replaceAll('hush', '***');
  const { uri, repository } = contextOrigin('https://h.test/hush/tool.git#hush', 'abc', hide);
  assert.deepEqual([uri, repository], ['https://h.test/***/tool.git#***', 'https://h.test/***/tool.git']);
});

const ofRun = { revision: 'run', ownLabels: ['slipway.run-id=r1', `${SOURCE}=https://h.test/run`, `${REVISION}=run`] };

test('a build from a repository of its own is told as of that one', () => {
  const origin = { uri: 'u', repository: 'https://h.test/tool', commit: 'abc' };
  const { revision, ownLabels } = withOrigin(buildStep('b', ofRun), origin);
  assert.equal(revision, 'abc');
  assert.deepEqual(ownLabels, ['slipway.run-id=r1', `${SOURCE}=https://h.test/tool`, `${REVISION}=abc`]);
});

test('a build from an archive of its own is told as of no repository', () => {
  const step = withOrigin(buildStep('b', ofRun), { uri: 'u', repository: '' });
  assert.equal('revision' in step, false);
  assert.deepEqual(step.ownLabels, ['slipway.run-id=r1']);
});

test('a step without labels gets none', () => {
  const origin = { uri: 'u', repository: 'https://h.test/tool', commit: 'abc' };
  const step = withOrigin(buildStep('b', { revision: 'run' }), origin);
  assert.deepEqual([step.revision, 'ownLabels' in step], ['abc', false]);
});
