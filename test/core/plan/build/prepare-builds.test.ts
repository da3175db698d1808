import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareBuilds, USUAL_BUILDS } from '../../../../src/core/plan/build/prepare-builds.ts';
import { runContext } from '../../../../src/core/run/run-context.ts';
import type { BuildStep, Run, RunRequest } from '../../../../task-schemas/index.ts';
import { buildStep, planOf, pushStep } from '../../../support/fakes/planned-steps.ts';
import { aRun } from '../../../support/fakes/run.ts';

const request: RunRequest = { kind: 'task-file', source: { kind: 'none' }, taskFile: 'ci.yaml' };

/** The one build of a run, prepared; `commit` is that of its source. */
function prepared(run: Run, build: BuildStep, settings = USUAL_BUILDS, commit = '') {
  const plan = planOf(run.id, build, pushStep('push', { images: ['r.io/app:1'] }));
  const result = prepareBuilds(plan, run, { ...runContext(run, 'r.io'), commit }, settings);
  assert.ok(result.ok);
  const step = result.value.steps[0];
  assert.ok(step?.kind === 'build');
  return { step, warnings: result.warnings };
}

const build = buildStep('b', { images: ['r.io/app:1'] });

test('a build keeps its layers and says where it is from, unless somebody objects', () => {
  const run = aRun({ request, taskName: 'ci.yaml' });
  const { step } = prepared(run, build, USUAL_BUILDS, 'abc');
  assert.deepEqual(step.cache, { kind: 'kept', image: 'r.io/app:cache_ci.yaml_b', pushedBy: 'push' });
  assert.deepEqual(step.ownLabels, [`slipway.run-id=${run.id}`, 'org.opencontainers.image.revision=abc']);
  assert.equal(step.revision, 'abc');
  assert.equal(step.noCache, false);
  const off = prepared(run, build, { ...USUAL_BUILDS, layerCache: false, imageLabels: false }, 'abc');
  assert.equal(off.step.cache, undefined);
  assert.equal(off.step.ownLabels, undefined);
  assert.equal(off.step.revision, 'abc', 'the report has it all the same');
  assert.deepEqual(off.warnings, []);
});

test('where the operator wants lists of packages, every build makes one unless its step says otherwise', () => {
  const run = aRun({ request });
  const wanted = { ...USUAL_BUILDS, sbom: true };
  assert.equal(prepared(run, build).step.sbom, undefined);
  assert.equal(prepared(run, build, wanted).step.sbom, '');
  for (const sbom of ['false', 'generator=r.io/scanner:1']) {
    assert.equal(prepared(run, { ...build, sbom }, wanted).step.sbom, sbom);
  }
});

test('a source from git is named', () => {
  const source = { kind: 'git', repository: 'https://h.test/a.git' } as const;
  const { step } = prepared(aRun({ request: { ...request, source } }), build);
  assert.ok(step.ownLabels?.includes('org.opencontainers.image.source=https://h.test/a.git'));
});

test('what may be a key in the address of a source is in no label', () => {
  const source = { kind: 'git', repository: 'https://me:token@h.test/a.git?key=hidden' } as const;
  const { step } = prepared(aRun({ request: { ...request, source } }), build);
  assert.ok(step.ownLabels?.includes('org.opencontainers.image.source=https://h.test/a.git?…'));
});

test('a request may do without labels and old layers', () => {
  const { step } = prepared(aRun({ request: { ...request, imageLabels: false, noCache: true } }), build);
  assert.equal(step.ownLabels, undefined);
  assert.equal(step.noCache, true);
});

test('cache: enabled on a worker that keeps nothing draws a warning', () => {
  const enabled = buildStep('b', { cache: { kind: 'kept', image: 'r.io/app:cache_t_b', pushedBy: 'build' } });
  const { warnings } = prepared(aRun({ request }), enabled, { ...USUAL_BUILDS, layerCache: false });
  assert.deepEqual(
    warnings.map(({ code, severity }) => `${severity} ${code}`),
    ['warning cache-without-effect'],
  );
});
