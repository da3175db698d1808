import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThrottle } from '../../../workers/engine/throttle.ts';
import { createTransferProgress } from '../../../workers/engine/transfer-progress.ts';

test('layers are added up; unpacking and messages about no layer count nothing', () => {
  const progress = createTransferProgress();
  progress.see({ status: 'Pulling from library/x', id: 'latest' });
  progress.see({ status: 'Downloading', id: 'a', progress: { current: 2_000_000, total: 4_000_000 } });
  progress.see({ status: 'Already exists', id: 'b' });
  assert.equal(progress.summary(), '1 of 2 layers, 2.0 of 4.0 MB');
  progress.see({ status: 'Extracting', id: 'a', progress: { current: 1, total: 4_000_000 } });
  progress.see({ status: 'Pull complete', id: 'a' });
  assert.equal(progress.summary(), '2 of 2 layers, 4.0 of 4.0 MB');
});

test('what the engine tries again by itself is told', () => {
  const progress = createTransferProgress();
  progress.see({ status: 'Retrying in 5 seconds', id: 'a' });
  assert.equal(progress.summary(), '0 of 1 layers, 0.0 of 0.0 MB, trying again what failed');
});

test('a throttle lets one through in each stretch of time', () => {
  let time = 0;
  const isTime = createThrottle(() => time, 100);
  const heard = [0, 50, 100, 150, 199, 200, 1000].map((at) => {
    time = at;
    return isTime();
  });
  assert.deepEqual(heard, [false, false, true, false, false, true, true]);
});
