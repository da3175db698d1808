import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { createKeptLayers, type KeptLayers } from '../../../workers/engine/kept-layers.ts';
import { createLatePushes, type LatePushEnd, type LatePushes } from '../../../workers/engine/late-pushes.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { answer as reply, type ScriptedEngine, startScriptedEngine } from './scripted-engine.ts';

const id = { installation: 'here', runId: 'r0000001', attempt: 1 };
const times = { closeMs: 50, longestMs: 60_000 };

/** The id of the image that the run has built. */
const OWN = `sha256:${'1'.repeat(64)}`;

interface Rig {
  readonly late: LatePushes;
  readonly ends: readonly LatePushEnd[];
  layers(change?: Partial<typeof times>): KeptLayers;
  /** The answer to the push of an image, once that was asked for. */
  pushOf(image: string): Promise<ServerResponse>;
  readonly engine: ScriptedEngine;
}

/** Gives the test an engine whose pushes end when the test says so; all names are those of the image `named`. */
async function withPushes(body: (rig: Rig) => Promise<void>, named = OWN): Promise<void> {
  const answers = new Map<string, ServerResponse>();
  const engine = await startScriptedEngine(({ method, url }, response) => {
    if (method === 'GET') return reply(response, 200, { Id: named });
    if (url.includes('/tag?')) return reply(response, 201, {});
    answers.set(url, response.writeHead(200));
    response.flushHeaders();
  });
  const connection = connectEngine(engine.dockerHost);
  const ends: LatePushEnd[] = [];
  const late = createLatePushes((end) => void ends.push(end));
  try {
    await body({
      engine,
      late,
      ends,
      layers: (change) => createKeptLayers({ connection, credentials: [], id }, late, { ...times, ...change }),
      async pushOf(image) {
        const url = `/images/r.test/${image}/push?tag=cache_t_b`;
        await engine.requested(new RegExp(url.replace('?', '\\?')));
        const answer = answers.get(url);
        assert.ok(answer);
        return answer;
      },
    });
  } finally {
    await late.close(0);
    connection.close();
    await engine.close();
  }
}

/** Begins to push the layers of one build. */
function begin(layers: KeptLayers, image: string) {
  const output = recordOutput();
  layers.built(`r.test/${image}:cache_t_b`, OWN);
  layers.pushLater([`r.test/${image}:cache_t_b`], output);
  return output;
}

test('a push that takes longer than its run goes on, and both logs tell', () =>
  withPushes(async ({ late, ends, layers, pushOf }) => {
    const kept = layers();
    const good = begin(kept, 'good');
    const bad = begin(kept, 'bad');
    const answers = await Promise.all([pushOf('good'), pushOf('bad')]);
    await kept.close();
    assert.deepEqual(good.notes, ['The layers are still on their way to r.test/good:cache_t_b: that goes on']);
    assert.deepEqual(ends, []);
    answers[0].end('{"status":"Pushed"}');
    answers[1].end('{"error":"denied"}');
    await late.close(60_000);
    assert.deepEqual(
      new Map(ends.map(({ image, problem }) => [image, problem])),
      new Map([
        ['r.test/good:cache_t_b', undefined],
        ['r.test/bad:cache_t_b', 'denied'],
      ]),
    );
    assert.equal(bad.notes.length, 1, 'the log of the run is closed by then');
  }));

test('a push that fails while its run goes on is told in the log of the run alone', () =>
  withPushes(async ({ ends, layers, pushOf }) => {
    const kept = layers();
    const output = begin(kept, 'bad');
    (await pushOf('bad')).end('{"error":"denied"}');
    await output.contains('The layers could not be kept as r.test/bad:cache_t_b: denied. Other workers');
    await kept.close();
    assert.equal(output.notes.length, 1);
    assert.deepEqual(ends, []);
  }));

for (const { name, close } of [
  { name: 'the worker has no more time', close: (late: LatePushes) => late.close(50) },
  { name: 'whoever closes is in a hurry', close: (late: LatePushes) => late.close(60_000, AbortSignal.abort()) },
]) {
  test(`a push is broken off, and told, when ${name}`, () =>
    withPushes(async ({ late, ends, layers, pushOf }) => {
      const kept = layers();
      begin(kept, 'slow');
      const answer = await pushOf('slow');
      const closed = once(answer, 'close');
      await kept.close();
      await close(late);
      await closed;
      const problem = 'there was no more time for it';
      assert.deepEqual(ends, [{ runId: 'r0000001', image: 'r.test/slow:cache_t_b', problem }]);
    }));
}

test('a push for which the registry takes too long is broken off, and told', () =>
  withPushes(async ({ layers, pushOf }) => {
    const kept = layers({ longestMs: 500, closeMs: 60_000 });
    const output = begin(kept, 'slow');
    await once(await pushOf('slow'), 'close');
    await kept.close();
    assert.match(
      output.notes.join(),
      /could not be kept as r\.test\/slow:cache_t_b: the registry has not got them within 0\.5 s/,
    );
  }));

test('only so many pushes go on at once, and the log tells of those that do not', () =>
  withPushes(async ({ ends, layers, pushOf }) => {
    const images = Array.from({ length: 9 }, (_, n) => `slow${n}`);
    const kept = layers();
    const outputs = images.map((image) => begin(kept, image));
    const answers = await Promise.all(images.map(pushOf));
    await kept.close();
    assert.equal(outputs.filter(({ notes }) => /still on their way to/.test(notes.join())).length, 8);
    const [refused] = outputs.flatMap(({ notes }) => notes.filter((line) => line.includes('could not be kept')));
    assert.match(refused ?? '', /those of too many other runs are still on their way\. Other workers/);
    const broken = answers.find((_, n) => outputs[n]?.notes.includes(refused ?? ''));
    if (broken?.closed === false) await once(broken, 'close');
    assert.deepEqual(ends, []);
  }));

test('layers of a build that never was are not pushed', () =>
  withPushes(async ({ layers }) => {
    const kept = layers();
    const output = recordOutput();
    kept.pushLater(['r.test/never:cache_t_b'], output);
    await kept.close();
    assert.deepEqual(output.notes, []);
  }));

test('what is on its way when its run is stopped is broken off, and nothing more begins', () =>
  withPushes(async ({ ends, engine, layers, pushOf }) => {
    const kept = layers({ closeMs: 60_000 });
    const output = begin(kept, 'slow');
    const closed = once(await pushOf('slow'), 'close');
    await kept.stop();
    await closed;
    assert.match(output.notes.join('\n'), /could not be kept as r\.test\/slow:cache_t_b: the run was stopped\./);
    assert.deepEqual(begin(kept, 'later').notes, []);
    assert.deepEqual(ends, []);
    assert.deepEqual(
      engine.seen.filter(({ url }) => url.includes('later')),
      [],
    );
  }));

test('nothing more begins after the end of the run', () =>
  withPushes(async ({ engine, layers }) => {
    const kept = layers();
    await kept.close();
    begin(kept, 'later');
    assert.deepEqual(engine.seen, []);
  }));

test('layers whose name another run has taken are pushed under it all the same', () =>
  withPushes(
    async ({ engine, layers, pushOf }) => {
      const kept = layers();
      const output = begin(kept, 'app');
      (await pushOf('app')).end('{"status":"Pushed"}');
      await kept.close();
      assert.deepEqual(
        engine.seen.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`),
        [
          'GET /images/r.test/app:cache_t_b/json',
          `POST /images/${OWN}/tag?repo=r.test/app&tag=cache_t_b`,
          'POST /images/r.test/app/push?tag=cache_t_b',
        ],
      );
      assert.match(output.notes.join(), /is another image by now/);
    },
    `sha256:${'2'.repeat(64)}`,
  ));
