import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines } from '../services/a-world.ts';
import { archiveLog } from '../support/archive-log.ts';
import { aRun } from '../support/fakes/run.ts';
import { AUTH, anApi, type TestApi } from './an-api.ts';

const ID = 'r0000001';
const TEXT = 'eins\nzwö\n🚀 drei\n';
const BYTES = Buffer.from(TEXT);

async function logged(api: TestApi): Promise<void> {
  await api.runStore.insert(aRun({ id: ID }));
  await api.logStore.append(ID, 0, [lines('eins\nzwö'), lines('🚀 drei', 'engine')]);
}

test('a log whose time was over', async (t) => {
  const api = anApi(t);
  await api.runStore.insert(aRun({ id: ID, status: 'Failed', logArchived: true, logDeletedAt: 0 }));
  const read = await api.app.inject({ url: `/v1/runs/${ID}/log`, headers: AUTH });
  assert.equal(read.statusCode, 410);
  assert.match(read.body, /log-deleted.*was deleted on 1970-01-01.*slipway keep/);
  const payload = { keepLog: true };
  const kept = await api.app.inject({ method: 'PATCH', url: `/v1/runs/${ID}`, headers: AUTH, payload });
  assert.equal(kept.statusCode, 410);
});

for (const place of ['live', 'archived'] as const) {
  test(`a ${place} log, whole`, async (t) => {
    const api = anApi(t);
    await logged(api);
    if (place === 'archived') await archiveLog(api, ID);
    const answer = await api.app.inject({ url: `/v1/runs/${ID}/log`, headers: AUTH });
    assert.deepEqual([answer.statusCode, answer.body], [200, TEXT]);
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(answer.headers['accept-ranges'], 'bytes');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  });

  test(`a ${place} log, byte by byte`, async (t) => {
    const api = anApi(t);
    await logged(api);
    if (place === 'archived') await archiveLog(api, ID);
    const parts: Buffer[] = [];
    for (let at = 0; at < BYTES.length; at++) {
      const headers = { ...AUTH, range: `bytes=${at}-${at}` };
      const answer = await api.app.inject({ url: `/v1/runs/${ID}/log`, headers });
      assert.equal(answer.statusCode, 206);
      assert.equal(answer.headers['content-range'], `bytes ${at}-${at}/${BYTES.length}`);
      assert.equal(answer.headers['content-length'], '1');
      parts.push(answer.rawPayload);
    }
    assert.deepEqual(Buffer.concat(parts), BYTES);
  });
}

test('a download is taken up again while the log grows', async (t) => {
  const api = anApi(t);
  await logged(api);
  await api.logStore.append(ID, 0, [lines('mehr')]);
  const answer = await api.app.inject({
    url: `/v1/runs/${ID}/log`,
    headers: { ...AUTH, range: `bytes=${BYTES.length}-` },
  });
  assert.deepEqual([answer.statusCode, answer.body], [206, 'mehr\n']);
});

test('several ranges, and what is no range, give the whole log', async (t) => {
  const api = anApi(t);
  await logged(api);
  for (const range of ['bytes=0-1,4-5', 'lines=1-2', 'bytes=x-y']) {
    const answer = await api.app.inject({ url: `/v1/runs/${ID}/log`, headers: { ...AUTH, range } });
    assert.deepEqual([answer.statusCode, answer.body], [200, TEXT]);
  }
});

test('the log of a run that has printed nothing is empty', async (t) => {
  const api = anApi(t);
  await api.runStore.insert(aRun({ id: ID }));
  const answer = await api.app.inject({ url: `/v1/runs/${ID}/log`, headers: AUTH });
  assert.deepEqual([answer.statusCode, answer.body], [200, '']);
});
