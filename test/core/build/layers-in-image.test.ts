import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withInlineCache, withKeptLayers } from '../../../src/core/build/layers-in-image.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';

test('what a step says itself about its cache comes last, and without a cache nothing changes', () => {
  const kept = { kind: 'kept', image: 'r/a:cache_t_b', pushedBy: 'push' } as const;
  const step = buildStep('b', {
    images: ['r/a:1'],
    cacheFrom: ['x'],
    buildArgs: ['BUILDKIT_INLINE_CACHE=0'],
    cache: kept,
  });
  const asked = withKeptLayers(step, true);
  assert.deepEqual(asked.images, ['r/a:1', kept.image]);
  assert.deepEqual(asked.cacheFrom, [kept.image, 'x']);
  assert.deepEqual(asked.buildArgs, ['BUILDKIT_INLINE_CACHE=1', 'BUILDKIT_INLINE_CACHE=0']);
  assert.deepEqual(withKeptLayers({ ...step, noCache: true }, true).cacheFrom, ['x']);
  assert.deepEqual(withKeptLayers(step, false).cacheFrom, ['x']);
  const without = buildStep('b', { cache: { kind: 'disabled' } });
  assert.equal(withKeptLayers(without, true), without);
});

test('layers that --cache-to puts into the image are asked for by an argument', () => {
  const step = buildStep('b', { cacheTo: ['type=inline', 'type=registry,ref=r/c'], buildArgs: ['A=1'] });
  const asked = withInlineCache(step);
  assert.deepEqual(asked.cacheTo, ['type=registry,ref=r/c']);
  assert.deepEqual(asked.buildArgs, ['A=1', 'BUILDKIT_INLINE_CACHE=1']);
  const without = buildStep('b');
  assert.equal(withInlineCache(without), without);
});
