import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchRunObjects } from '../../../bench/world/settled.ts';
import { engineClient } from '../../../src/embedded/engine-client.ts';
import { realParts } from '../../support/real-parts.ts';

const { dockerHost } = realParts();
/** Other tests have runs on this engine. */
const LABEL = `slipway.settled-${process.pid}`;

test('what runs still have on the engine is waited for, and what was there before is not', async (t) => {
  const engine = engineClient(dockerHost);
  const network = (name: string) =>
    engine.createNetwork({
      Name: `slipway-settled-${process.pid}-${name}`,
      Labels: { [LABEL]: name },
    });
  const old = await network('old');
  t.after(() => old.remove());
  const settled = await watchRunObjects(dockerHost, LABEL, {}, t.signal);
  const young = await network('young');
  let isSettled = false;
  const waiting = settled().then(() => {
    isSettled = true;
  });
  await sleep(200);
  assert.equal(isSettled, false);
  await young.remove();
  await waiting;
});

test('an abort ends the waiting', async (t) => {
  const stop = new AbortController();
  const settled = await watchRunObjects(dockerHost, LABEL, {}, stop.signal);
  const network = await engineClient(dockerHost).createNetwork({
    Name: `slipway-settled-${process.pid}-stays`,
    Labels: { [LABEL]: 'stays' },
  });
  t.after(() => network.remove());
  stop.abort(new Error('enough'));
  await assert.rejects(settled(), { name: 'AbortError' });
});
