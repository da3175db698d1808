import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLayerCache } from '../../../src/core/plan/build/layer-cache.ts';
import type { BuildTimes } from '../../../src/ports/build-times.ts';
import type { BuildReport, BuildStep, PlannedStep } from '../../../task-schemas/index.ts';
import type { LatePushEnd } from '../../../workers/engine/late-pushes.ts';
import { USUAL_LIMITS } from '../../../workers/engine/limits.ts';
import { createMemoryBuildTimes } from '../../support/fakes/build-times.ts';
import { buildStep, planOf, pushStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { startSilentServer } from '../../support/silent-server.ts';
import { forgetLayers } from './real-cache.ts';
import { newRunId, type RealRun, withRealRun } from './real-engine.ts';
import { reply, startScriptedRegistry } from './scripted-registry.ts';

/** Three instructions of the image and two of a stage that leaves one file in it, unlike those of any other test. */
const files = (own: string) => ({
  Dockerfile: [
    'FROM busybox:latest AS tool',
    `RUN echo ${own} > /one`,
    'RUN cp /one /two',
    'FROM busybox:latest',
    `RUN echo ${own} > /first`,
    'COPY --from=tool /two /two',
    'COPY note.txt /',
  ].join('\n'),
  'note.txt': own,
});

interface Round {
  readonly own: string;
  /** A name in the registry, without tag. */
  readonly name: string;
  readonly change?: Partial<BuildStep>;
  readonly buildTimes?: BuildTimes;
}

interface Answer {
  readonly build: BuildReport;
  readonly images: readonly string[];
  /** What the log has of it all. */
  readonly told: string;
}

/** Builds and pushes as a run of its own; answers the report, and the names that the engine has then. */
async function round({ own, name, change = {}, ...told }: Round): Promise<Answer> {
  let answer: Omit<Answer, 'told'> | undefined;
  let log = '';
  const body = async ({ registry, runId, run }: RealRun) => {
    const image = `${registry}/${name}:${runId}`;
    const steps = [buildStep('b', { images: [image], ...change }), pushStep('p', { images: [image] })];
    for (const step of withLayerCache(planOf(runId, ...steps), 'nightly').steps) {
      const { result, output } = await run(step);
      log += [output.text('stdout'), output.text('stderr'), ...output.notes].join('\n');
      assert.equal(result.kind, 'succeeded', JSON.stringify(result));
      if (result.build !== undefined) answer = { build: result.build, images: namesOf(step) };
    }
  };
  await withRealRun(files(own), body, told);
  assert.ok(answer);
  return { ...answer, told: log };
}

function namesOf(step: PlannedStep): readonly string[] {
  if (step.kind !== 'build') return [];
  return step.cache?.kind === 'kept' ? [...step.images, step.cache.image] : step.images;
}

test('another worker takes up every unchanged layer, and --no-cache takes up none', async () => {
  const own = newRunId();
  const name = `test/cache-${own}`;
  const buildTimes = createMemoryBuildTimes();
  const first = await round({ own, name, buildTimes });
  assert.deepEqual(counts(first.build), { instructions: 5, cached: 0 });
  assert.equal(first.build.savedSeconds, undefined, 'nothing was there');
  await forgetLayers(first.images);
  const second = await round({ own, name, buildTimes });
  assert.deepEqual(
    counts(second.build),
    { instructions: 5, cached: 5 },
    `nothing is built on an empty engine\n${first.told}\n${second.told}`,
  );
  const took = [...(await buildTimes.read(`${second.images.at(-1)}`)).values()];
  assert.equal(took.length, 5);
  assert.equal(second.build.savedSeconds?.toFixed(3), took.reduce((sum, seconds) => sum + seconds).toFixed(3));
  assert.ok((second.build.savedSeconds ?? 0) > 0, 'instructions of the first run took their time');
  await forgetLayers(second.images);
  const third = await round({ own, name, change: { labels: ['a=b'] } });
  assert.deepEqual(counts(third.build), { instructions: 5, cached: 5 }, 'what was only taken up is kept as well');
  assert.equal(third.build.savedSeconds, undefined, 'nobody remembers how long it took');
  const anew = await round({ own, name, change: { noCache: true } });
  assert.equal(anew.build.cached, 0);
  await forgetLayers([...third.images.slice(0, 1), ...anew.images]);
  const disabled = await round({ own, name, change: { cache: { kind: 'disabled' } } });
  assert.equal(disabled.build.cached, 0, 'the engine is empty, and the registry is not asked');
});

function counts({ instructions, cached }: BuildReport) {
  return { instructions, cached };
}

test('cache: enabled keeps the layers of a build that nobody pushes', async () => {
  const { registry } = realParts();
  const name = `test/kept-${newRunId()}`;
  await withRealRun(files(newRunId()), async ({ succeed }) => {
    const image = `${registry}/${name}:cache_t_b`;
    await succeed(buildStep('b', { images: ['local'], cache: { kind: 'kept', image, pushedBy: 'build' } }));
  });
  const found = await fetch(`http://${registry}/v2/${name}/tags/list`);
  assert.deepEqual(await found.json(), { name, tags: ['cache_t_b'] });
});

test('layers that cannot be kept are a line of the log, and fail nothing', async () => {
  const registry = await startScriptedRegistry((request, response) => {
    if (request.url === '/v2/') reply(response, 200);
    else reply(response, 401, { code: 'UNAUTHORIZED', message: 'denied' });
  });
  try {
    await withRealRun(files(newRunId()), async ({ runId, succeed }) => {
      const image = `${registry.host}/kept-${runId}:cache_t_b`;
      const output = await succeed(buildStep('b', { cache: { kind: 'kept', image, pushedBy: 'build' } }));
      await output.contains(`The layers could not be kept as ${image}: `);
      assert.doesNotMatch(output.text('stdout'), /ERROR/, 'that there were none before is no error either');
    });
  } finally {
    await registry.close();
  }
});

test('a registry that does not answer is not waited for', { timeout: 60_000 }, async (t) => {
  const silent = await startSilentServer(t);
  await withRealRun(files(newRunId()), async ({ succeed }) => {
    const cache = { kind: 'kept', image: `${silent}/kept:cache_t_b`, pushedBy: 'push' } as const;
    const output = await succeed(buildStep('b', { images: ['local'], cache }));
    assert.match(output.notes.join('\n'), /layers of earlier runs are not used: 127\.0\.0\.1:\d+ does not answer/);
  });
});

test('nor are layers pushed to it by a build', { timeout: 60_000 }, async (t) => {
  const silent = await startSilentServer(t);
  const lateEnds: LatePushEnd[] = [];
  await withRealRun(
    files(newRunId()),
    async ({ succeed }) => {
      const cache = { kind: 'kept', image: `${silent}/kept:cache_t_b`, pushedBy: 'build' } as const;
      const output = await succeed(buildStep('b', { images: ['local'], cache }));
      assert.match(output.notes.join('\n'), /not used, and those of this build are not kept: .* does not answer/);
    },
    { onLatePush: (end) => void lateEnds.push(end) },
  );
  assert.deepEqual(lateEnds, []);
});

test('a push of layers that nobody answers holds up neither its build nor its run', { timeout: 60_000 }, async (t) => {
  const silent = await startSilentServer(t);
  const image = `${silent}/kept:cache_t_b`;
  const lateEnds: LatePushEnd[] = [];
  let notes: readonly string[] = [];
  await withRealRun(
    files(newRunId()),
    async ({ succeed }) => {
      // Whoever builds all anew does not ask the registry first.
      const step = buildStep('b', { noCache: true, cache: { kind: 'kept', image, pushedBy: 'build' } });
      notes = (await succeed(step)).notes;
    },
    { onLatePush: (end) => void lateEnds.push(end), limits: { ...USUAL_LIMITS, latePushesMs: 100 } },
  );
  assert.ok(notes.includes(`The layers are still on their way to ${image}: that goes on`), notes.join('\n'));
  assert.deepEqual(
    lateEnds.map((end) => [end.image, end.problem]),
    [[image, 'there was no more time for it']],
  );
});

test('layers of a build that never was are not pushed', () =>
  withRealRun(files(newRunId()), async ({ registry, runId, succeed }) => {
    const image = `${registry}/test/never-${runId}:1`;
    await succeed(buildStep('b', { images: [image] }));
    const output = await succeed(
      pushStep('p', { images: [image], caches: [`${registry}/test/never-${runId}:cache_t_x`] }),
    );
    assert.doesNotMatch(output.notes.join('\n'), /could not be kept/);
  }));
