import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLayerCache, withoutLayerCache } from '../../../../src/core/plan/build/layer-cache.ts';
import type { PlannedCache, PlannedStep } from '../../../../task-schemas/index.ts';
import { buildStep, planOf, pushStep } from '../../../support/fakes/planned-steps.ts';

const kept = (image: string, pushedBy: 'build' | 'push'): PlannedCache => ({ kind: 'kept', image, pushedBy });

/** The cache of the step `b`, and what the push steps push along. */
function cachesOf(taskName: string, ...steps: readonly PlannedStep[]) {
  const planned = withLayerCache(planOf('r1234567', ...steps), taskName).steps;
  return {
    cache: planned.flatMap((step) => (step.kind === 'build' ? [step.cache] : []))[0],
    pushed: planned.flatMap((step) => (step.kind === 'push' ? [step.caches] : [])),
  };
}

test('a build has its layers beside the image that the run pushes', () => {
  const steps = [
    buildStep('b', { images: ['local', 'r.io/app:1'] }),
    pushStep('p', { images: ['r.io/app:1', 'r.io/x'] }),
  ];
  const image = 'r.io/app:cache_nightly_b';
  assert.deepEqual(cachesOf('nightly', ...steps), { cache: kept(image, 'push'), pushed: [[image]] });
});

const without = [
  { name: 'an image that nobody pushes', build: { images: ['r.io/app:1'] }, push: ['r.io/other:1'] },
  { name: 'an image without a name', build: {}, push: ['r.io/app:1'] },
  {
    name: 'a task whose name makes no tag',
    build: { images: ['r.io/app'] },
    push: ['r.io/app'],
    task: 'n'.repeat(140),
  },
] as const;

for (const { name, build, push, ...rest } of without) {
  test(`nothing is kept for ${name}`, () => {
    const step = buildStep('b', { images: 'images' in build ? [...build.images] : [] });
    const found = cachesOf('task' in rest ? rest.task : '', step, pushStep('p', { images: [...push] }));
    assert.deepEqual(found, { cache: undefined, pushed: [undefined] });
  });
}

test('the path of a task file makes a tag', () => {
  const steps = [buildStep('b', { images: ['me/app:1'] }), pushStep('p', { images: ['docker.io/me/app:1'] })];
  const image = 'docker.io/me/app:cache_ci-all.yaml_b';
  assert.deepEqual(cachesOf('ci/all.yaml', ...steps), { cache: kept(image, 'push'), pushed: [[image]] });
});

test('what a task says about its layers holds', () => {
  const image = 'r.io/app:cache_quickrun_b';
  const enabled = buildStep('b', { images: ['r.io/app:1'], cache: kept(image, 'build') });
  const push = pushStep('p', { images: ['r.io/app:1'] });
  assert.deepEqual(cachesOf('', enabled), { cache: kept(image, 'build'), pushed: [] });
  assert.deepEqual(cachesOf('', enabled, push), { cache: kept(image, 'push'), pushed: [[image]] });
  const disabled = buildStep('b', { images: ['r.io/app:1'], cache: { kind: 'disabled' } });
  assert.deepEqual(cachesOf('', disabled, push), { cache: { kind: 'disabled' }, pushed: [undefined] });
});

test('a worker may keep no layers anywhere', () => {
  const plan = planOf('r1234567', buildStep('b', { images: ['a'], cache: kept('a:cache_t_b', 'build') }));
  assert.deepEqual(withoutLayerCache(plan), planOf('r1234567', buildStep('b', { images: ['a'] })));
});
