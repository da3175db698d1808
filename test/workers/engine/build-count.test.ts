import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBuildCount } from '../../../workers/engine/build-count.ts';
import type { Vertex } from '../../../workers/engine/proto/status.ts';

const vertex = (name: string, change: Partial<Vertex> = {}): Vertex => ({
  digest: name,
  name,
  cached: false,
  started: 1,
  completed: 2,
  error: '',
  ...change,
});

function countOf(...vertexes: readonly Vertex[]) {
  const count = createBuildCount();
  for (const each of vertexes) count.see({ vertexes: [each], statuses: [], logs: [], warnings: [] });
  const { instructions, cached } = count.result();
  return { instructions, cached };
}

test('instructions count, and what BuildKit does besides does not', () => {
  const counts = countOf(
    vertex('[internal] load metadata for docker.io/library/busybox:latest'),
    vertex('importing cache manifest from r/a:cache_t_b', { error: 'not found' }),
    vertex('[tools 1/3] FROM docker.io/library/busybox:latest', { cached: true }),
    vertex('[tools 2/3] RUN make\nit'),
    vertex('[linux/arm64 stage-1 2/4] COPY . .', { cached: true }),
    vertex('[3/4] RUN test', { cached: true }),
    vertex('[auth] a/b:pull token for r'),
    vertex('exporting to image'),
  );
  assert.deepEqual(counts, { instructions: 3, cached: 2 });
});

test('a layer that is fetched after it was found stays found; what has not ended does not count', () => {
  const run = '[2/2] RUN make';
  const counts = countOf(
    vertex(run, { cached: true }),
    vertex(run),
    vertex('[2/3] RUN wait', { completed: undefined }),
    vertex('[3/3] RUN false', { error: 'exit code: 1' }),
  );
  assert.deepEqual(counts, { instructions: 1, cached: 1 });
});

test('instructions are told with their stage, place and time', () => {
  const count = createBuildCount();
  const vertexes = [
    vertex('[tools 2/3] RUN make\nit', { started: 1.5, completed: 4 }),
    vertex('[linux/arm64 stage-1 2/4] COPY . .', { cached: true, started: undefined }),
    vertex('[3/4] RUN test', { started: 3, completed: 2 }),
  ];
  for (const each of vertexes) count.see({ vertexes: [each], statuses: [], logs: [], warnings: [] });
  assert.deepEqual(count.result().timed, [
    { stage: 'tools', place: 2, text: 'RUN make\nit', cached: false, seconds: 2.5 },
    { stage: 'linux/arm64 stage-1', place: 2, text: 'COPY . .', cached: true, seconds: 0 },
    { stage: '', place: 3, text: 'RUN test', cached: false, seconds: 0 },
  ]);
});

test('bases that were looked up at their registry are kept', () => {
  const count = createBuildCount();
  const digest = `sha256:${'a'.repeat(64)}`;
  const names = ['[one 1/2] FROM r.io/a:1', `[two 1/2] FROM docker.io/library/b:2@${digest}`];
  count.see({ vertexes: names.map((name) => vertex(name)), statuses: [], logs: [], warnings: [] });
  assert.deepEqual(count.result().bases, [`docker.io/library/b:2@${digest}`]);
});

test('the classic builder is counted by what it prints', () => {
  const count = createBuildCount();
  const texts = ['Step 1/4 : FROM a\n', ' ---> 1234\n', 'Step 2/4 : RUN x\n', ' ---> Using cache\n', ' ---> 12\n'];
  for (const text of [...texts, 'Step 3/4 : ARG A\n', ' ---> Using cache\n', 'Step 4/4 : COPY . .\n'])
    count.seeText(text);
  assert.deepEqual(count.result(), { instructions: 2, cached: 1, bases: [], timed: [] });
});
