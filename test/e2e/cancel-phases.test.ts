/**
 * Cancels runs in every phase of their life and looks for what they left, SLIPWAY_TEST_ROUNDS times each; `npm run chaos`
 * does it fifty times. From five rounds on half of the runs of each phase have to end within 2 s, and each within 4 s. By
 * default it is once, on a machine that may be busy with other tests: within 10 s.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type SlipwayClient } from '../../src/client/client.ts';
import { ApiFailure } from '../../src/client/failures.ts';
import { logArchiveKey, uploadKey } from '../../src/core/run/blob-keys.ts';
import { isFinal } from '../../src/core/run/transition.ts';
import type { Run, Source } from '../../task-schemas/index.ts';
import { danglingImages, objectsOf, removeImages, untilGone } from '../support/engine-objects.ts';
import { realParts } from '../support/real-parts.ts';
import { startSilentServer } from '../support/silent-server.ts';
import { startSlipway, temporaryFolder } from '../support/slipway.ts';
import { startSlowRegistry } from '../support/slow-registry.ts';
import { tarOf } from '../support/tar.ts';
import { untilEmpty } from '../support/until-empty.ts';
import { cancelablePhases, type Phase } from './cancelable-phases.ts';
import { limitsFor, type PhaseTimes, timeTable, tooLong } from './phase-times.ts';

const MANY = process.env.SLIPWAY_TEST_ROUNDS;
const ROUNDS = Number(MANY ?? 1);
const LIMITS = limitsFor(ROUNDS);
const parts = realParts();
const TOKEN = 'a-token-for-this-test';

/** A server with a worker that carries out two runs at once, in a pool of its own; and all that was asked of it. */
async function installation(t: TestContext, silent: string) {
  const state = path.join(await temporaryFolder(t), 'state');
  const env = {
    REDIS_URL: parts.redisUrl,
    DOCKER_HOST: parts.dockerHost,
    SLIPWAY_REGISTRY: parts.registry,
    SLIPWAY_DATA: state,
    SLIPWAY_POOL: `e2e-${process.pid}`,
    SLIPWAY_PORT: '0',
    SLIPWAY_TOKEN: TOKEN,
    SLIPWAY_VAULT_ADDRESS: `http://${silent}`,
    SLIPWAY_VAULT_TOKEN: 'a-token-for-the-vault',
  };
  const server = startSlipway(t, ['server'], env);
  const url = /https?:\/\/[^\s"]+/.exec(await server.line('listening'))?.[0] ?? '';
  await startSlipway(t, ['worker'], env).line('taking runs');
  const runIds: string[] = [];
  const uploadIds: string[] = [];
  return { client: createClient({ server: url, token: TOKEN }), state, runIds, uploadIds };
}
type Installation = Awaited<ReturnType<typeof installation>>;

async function sourceOf(
  { dockerfile, repository, files = 0 }: Phase,
  { client, uploadIds }: Installation,
): Promise<Source> {
  if (repository !== undefined) return { kind: 'git', repository };
  if (dockerfile === undefined) return { kind: 'none' };
  const more = Array.from({ length: files }, (_, n) => ({ name: `files/${n % 100}/${n}`, content: `${n}` }));
  const archive = await tarOf({ name: 'Dockerfile', content: dockerfile }, ...more);
  const { uploadId } = await client.upload(new Blob([new Uint8Array(archive)]).stream(), 'application/x-tar');
  uploadIds.push(uploadId);
  return { kind: 'upload', uploadId };
}

function taskOf({ head = '', steps }: Pick<Phase, 'head' | 'steps'>): string {
  return `version: v1.1.0\n${head}steps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
}

async function untilLogged(client: SlipwayClient, runId: string, line: RegExp): Promise<void> {
  const found = new AbortController();
  for await (const event of client.follow(runId, {}, found.signal)) {
    if (event.kind === 'log' && line.test(event.chunk.text)) return found.abort();
    if (event.kind === 'run' && isFinal(event.run.status)) break;
  }
  assert.fail(`${runId} has ended without a line ${line}`);
}

async function untilEnded(client: SlipwayClient, runId: string): Promise<Run> {
  for (const deadline = Date.now() + 60_000; ; await sleep(20)) {
    const run = await client.getRun(runId);
    // The archive of the log is the last thing that a worker does for a run.
    if (run.logArchived) return run;
    assert.ok(Date.now() < deadline, `${runId} is still ${run.status}`);
  }
}

/** Not always at the same point of the phase. */
const somewhat = (round: number) => sleep((round * 37) % 400);

/** Schedules a run, cancels it, and answers how long its end took then, in ms; undefined when it came before. */
async function cancelOnce(
  phase: Phase,
  source: Source,
  { client, runIds }: Installation,
  round: number,
): Promise<number | undefined> {
  const { id } = await client.schedule({ kind: 'encoded-task', source, taskText: taskOf(phase) });
  runIds.push(id);
  await untilLogged(client, id, phase.line);
  await phase.reached?.(id);
  await somewhat(round);
  await client.cancelRun(id).catch((error: unknown) => {
    const isTooLate = error instanceof ApiFailure && error.status === 409 && phase.isOver === true;
    if (!isTooLate) throw error;
  });
  const run = await untilEnded(client, id);
  const asIfNobodyAsked = phase.isOver === true && run.status === 'Succeeded';
  if (!asIfNobodyAsked) assert.equal(run.status, 'Canceled', run.failure?.message);
  if (phase.isEarly) assert.equal(run.runningAt, undefined, 'the phase was over before the run was canceled');
  // What a run needed is removed beside an end that nobody asked for.
  if (asIfNobodyAsked) await untilGone(parts.dockerHost, id);
  else assert.deepEqual(await objectsOf(parts.dockerHost, id), [], `round ${round}`);
  const { finishedAt, cancelRequestedAt } = run;
  return finishedAt === undefined || cancelRequestedAt === undefined ? undefined : finishedAt - cancelRequestedAt;
}

/** Interrupts `slipway exec` as Ctrl-C does, and answers how long it went on, in ms. */
async function interruptOnce(t: TestContext, round: number): Promise<number> {
  const folder = await temporaryFolder(t);
  const task = path.join(folder, 'task.yaml');
  await writeFile(task, taskOf({ steps: ['cmd: busybox sh -c "echo now it runs; sleep 120"'] }));
  const env = { DOCKER_HOST: parts.dockerHost, SLIPWAY_REGISTRY: parts.registry, TMPDIR: folder };
  const exec = startSlipway(t, ['exec', '-f', task, '--json', '/dev/null'], env);
  const closed = once(exec.process, 'close');
  await exec.line('now it runs');
  await somewhat(round);
  const begin = performance.now();
  assert.equal(await exec.stop('SIGINT'), 3, exec.stderr());
  const took = performance.now() - begin;
  await closed;
  const [, runId = ''] = /"id": "(r\w+)"/.exec(exec.stderr()) ?? [];
  assert.notEqual(runId, '', exec.stderr());
  assert.deepEqual(await objectsOf(parts.dockerHost, runId), [], `round ${round}`);
  // What runs TypeScript keeps a folder there.
  const left = (await readdir(folder)).filter((name) => name.startsWith('slipway'));
  assert.deepEqual(left, [], `round ${round}`);
  return Math.round(took);
}

/** Does it as often as is asked for, says how far it is when that is long, and answers the times. */
async function inRounds(
  t: TestContext,
  rounds: number,
  once: (round: number) => Promise<number | undefined>,
): Promise<PhaseTimes> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const took = await once(round);
    if (took !== undefined) times.push(took);
    const told = took === undefined ? 'ended before' : `ended after ${took} ms`;
    if (MANY !== undefined) console.error(`${t.name}, ${round + 1} of ${rounds}: ${told}`);
  }
  return { name: t.name, times };
}

/** Files below a folder, as paths from there. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

test('a run that is canceled ends soon in every phase and leaves nothing', async (t) => {
  const dangling = await danglingImages(parts.dockerHost);
  const silent = await startSilentServer(t);
  const slow = await startSlowRegistry(t, parts.registry);
  const installed = await installation(t, silent);
  const all: PhaseTimes[] = [];
  const timed = (
    { name, skip = false, atMost = ROUNDS }: Pick<Phase, 'name' | 'skip' | 'atMost'>,
    once: (t: TestContext, round: number) => Promise<number | undefined>,
  ) =>
    t.test(name, { skip }, async (t) => {
      const times = await inRounds(t, Math.min(ROUNDS, atMost), (round) => once(t, round));
      all.push(times);
      assert.deepEqual(tooLong(times, LIMITS), []);
    });
  for (const phase of cancelablePhases(silent, slow)) {
    let source: Promise<Source> | undefined;
    await timed(phase, async (_, round) => {
      source ??= sourceOf(phase, installed);
      return cancelOnce(phase, await source, installed, round);
    });
  }
  await timed({ name: 'exec, interrupted' }, interruptOnce);
  if (MANY !== undefined) console.error(timeTable(all));
  await t.test('nothing is left of all of them', async () => {
    const { runIds, uploadIds, state } = installed;
    const large = (id: string) => [`${slow.host}/chaos-${id}:v1`, `${slow.host}/chaos-${id}:cache_quickrun_acb_step_0`];
    await removeImages(parts.dockerHost, ...runIds.flatMap((id) => [`${silent}/chaos:${id}`, ...large(id)]));
    assert.deepEqual(await objectsOf(parts.dockerHost, ...runIds), []);
    assert.deepEqual(await danglingImages(parts.dockerHost), dangling);
    await untilEmpty(path.join(state, 'sources'));
    // Uploads stay for a day, in case that a run is wanted again.
    const blobs = [...uploadIds.map(uploadKey), ...runIds.map(logArchiveKey)];
    assert.deepEqual(await filesBelow(path.join(state, 'blobs')), blobs.sort());
  });
});
