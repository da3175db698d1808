import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cacheImage } from '../../../../src/core/plan/build/build-cache.ts';

const cases = [
  { images: ['a.io/x:1'], taskName: 'nightly', is: 'a.io/x:cache_nightly_b' },
  { images: ['a.io/x:1'], taskName: '', is: 'a.io/x:cache_quickrun_b' },
  { images: ['one:1', 'a.io/x'], taskName: 't', is: 'a.io/x:cache_t_b' },
  { images: ['me/app:1'], taskName: 't', is: 'me/app:cache_t_b' },
  { images: ['foo/foo_bar.com:8080'], taskName: 't', is: 'foo/foo_bar.com:cache_t_b' },
  { images: ['my_org/app', 'two'], taskName: 't', is: 'reg.io/my_org/app:cache_t_b' },
  { images: ['one:1', 'two'], taskName: 't', is: 'reg.io/one:cache_t_b' },
  { images: ['localhost:5000/x'], taskName: 't', is: 'localhost:5000/x:cache_t_b' },
  { images: ['test:5000/repo@sha256:0123'], taskName: 't', is: undefined },
  { images: [], taskName: 't', is: undefined },
  { images: ['a.io/x'], taskName: 'n'.repeat(130), is: undefined },
] as const;

for (const { images, taskName, is } of cases) {
  test(`layers of ${images.join(' ')} in ${taskName.slice(0, 10)}`, () => {
    assert.equal(cacheImage({ images, taskName, stepId: 'b', registry: 'reg.io' }), is);
  });
}

test('layers without a registry', () => {
  assert.equal(cacheImage({ images: ['x'], taskName: 't', stepId: 'b', registry: '' }), 'x:cache_t_b');
});
