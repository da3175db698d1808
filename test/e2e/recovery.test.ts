import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../src/client/client.ts';
import type { Run } from '../../task-schemas/index.ts';
import { objectsOf, untilGone } from '../support/engine-objects.ts';
import { realParts } from '../support/real-parts.ts';
import { type Daemon, slipway, startSlipway, temporaryFolder } from '../support/slipway.ts';
import { endStep, WAITING_STEP } from './waiting-step.ts';

const parts = realParts();

/** An API process with a pool of its own, so that no other worker takes its runs. */
async function installation(t: TestContext) {
  const pool = `e2e-${process.pid}-${Date.now()}`;
  const data = await temporaryFolder(t);
  const env = {
    REDIS_URL: parts.redisUrl,
    DOCKER_HOST: parts.dockerHost,
    SLIPWAY_REGISTRY: parts.registry,
    SLIPWAY_DATA: data,
    SLIPWAY_POOL: pool,
    SLIPWAY_PORT: '0',
    SLIPWAY_TOKEN: 'a-token-for-this-test',
    SLIPWAY_GRACE_SECONDS: '1',
    // A second worker has room for a run whatever the first one does, and never takes two.
    SLIPWAY_CONCURRENCY: '1',
  };
  const startServer = async () => {
    const server = startSlipway(t, ['server'], env);
    const url = /https?:\/\/[^\s"]+/.exec(await server.line('listening'))?.[0] ?? '';
    return { server, cli: { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: env.SLIPWAY_TOKEN } };
  };
  const startWorker = async (name: string): Promise<Daemon> => {
    const worker = startSlipway(t, ['worker'], { ...env, SLIPWAY_WORKER_NAME: name });
    await worker.line('taking runs');
    return worker;
  };
  const task = path.join(data, 'task.yaml');
  const writeTask = async (...steps: string[]) => {
    await writeFile(task, `version: v1.0.0\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`);
    return task;
  };
  return { startServer, startWorker, writeTask };
}

/** What the CLI needs to reach a server. */
type Access = { SLIPWAY_SERVER: string; SLIPWAY_TOKEN: string };

async function schedule(task: string, cli: Access): Promise<string> {
  const scheduled = await slipway(['run', '-f', task, '--no-wait', '--json', '/dev/null'], cli);
  assert.equal(scheduled.code, 0, scheduled.stderr);
  return JSON.parse(scheduled.stdout).id;
}

async function until(runId: string, cli: Access, wanted: (run: Run) => boolean): Promise<Run> {
  const client = createClient({ server: cli.SLIPWAY_SERVER, token: cli.SLIPWAY_TOKEN });
  for (const deadline = Date.now() + 120_000; ; await sleep(100)) {
    const run = await client.getRun(runId);
    if (wanted(run)) return run;
    assert.ok(Date.now() < deadline, `${runId} is still ${run.status} in attempt ${run.attempt}`);
  }
}

const isRunning = (run: Run) => run.steps.some((step) => step.status === 'running');
const hasEnded = (run: Run) => run.finishedAt !== undefined;

test('a run whose worker is killed starts again on another worker as attempt 2', async (t) => {
  const { startServer, startWorker, writeTask } = await installation(t);
  const { cli } = await startServer();
  const first = await startWorker('first');
  const runId = await schedule(await writeTask(WAITING_STEP, 'cmd: busybox echo done'), cli);
  await until(runId, cli, isRunning);
  await startWorker('second');
  first.process.kill('SIGKILL');
  const killedAt = Date.now();
  await until(runId, cli, (run) => run.attempt === 2);
  const tookMs = Date.now() - killedAt;
  assert.ok(tookMs < 15_000, `attempt 2 began only after ${tookMs} ms`);
  await endStep(parts.dockerHost, runId, 2);
  const ended = await until(runId, cli, hasEnded);
  assert.deepEqual([ended.status, ended.attempt, ended.worker], ['Succeeded', 2, 'second']);
  const log = await slipway(['logs', runId], cli);
  assert.match(log.stdout, /Attempt 2 started on worker second/);
  await untilGone(parts.dockerHost, runId);
});

test('a worker that was only paused changes nothing when it wakes up', async (t) => {
  const { startServer, startWorker, writeTask } = await installation(t);
  const { cli } = await startServer();
  const paused = await startWorker('paused');
  const runId = await schedule(await writeTask(WAITING_STEP, 'cmd: busybox echo done'), cli);
  await until(runId, cli, isRunning);
  paused.process.kill('SIGSTOP');
  await startWorker('other');
  await endStep(parts.dockerHost, runId, 2);
  const ended = await until(runId, cli, hasEnded);
  assert.deepEqual([ended.status, ended.attempt, ended.worker], ['Succeeded', 2, 'other']);
  const log = await slipway(['logs', runId], cli);
  paused.process.kill('SIGCONT');
  await paused.line('another attempt has taken over');
  assert.deepEqual(JSON.parse((await slipway(['show', runId, '--json'], cli)).stdout), ended);
  assert.equal((await slipway(['logs', runId], cli)).stdout, log.stdout);
  await untilGone(parts.dockerHost, runId);
});

test('a run that loses its worker twice ends as Error with the reason', async (t) => {
  const { startServer, startWorker, writeTask } = await installation(t);
  const { cli } = await startServer();
  const runId = await schedule(await writeTask(WAITING_STEP), cli);
  for (const attempt of [1, 2]) {
    const worker = await startWorker(`doomed-${attempt}`);
    await until(runId, cli, (run) => run.attempt === attempt && isRunning(run));
    worker.process.kill('SIGKILL');
  }
  await startWorker('last');
  const ended = await until(runId, cli, hasEnded);
  assert.equal(ended.status, 'Error');
  assert.equal(ended.failure?.code, 'worker-lost');
});

test('an accepted run is there after kill -9 of the API, and runs', async (t) => {
  const { startServer, startWorker, writeTask } = await installation(t);
  const before = await startServer();
  const runId = await schedule(await writeTask('cmd: busybox echo hello'), before.cli);
  await before.server.stop('SIGKILL');
  const { cli } = await startServer();
  await startWorker('only');
  assert.equal((await until(runId, cli, hasEnded)).status, 'Succeeded');
});

test('a worker that is told to stop gives its run back', async (t) => {
  const { startServer, startWorker, writeTask } = await installation(t);
  const { cli } = await startServer();
  const leaving = await startWorker('leaving');
  const runId = await schedule(await writeTask(WAITING_STEP), cli);
  await until(runId, cli, isRunning);
  assert.equal(await leaving.stop('SIGTERM'), 0);
  const queued = await until(runId, cli, (run) => run.status === 'Queued');
  assert.equal(queued.losses, 0);
  await untilGone(parts.dockerHost, runId);
  await startWorker('next');
  await endStep(parts.dockerHost, runId, 2);
  const ended = await until(runId, cli, hasEnded);
  assert.deepEqual([ended.status, ended.attempt, ended.worker], ['Succeeded', 2, 'next']);
});

test('canceling ends a waiting run at once and a running one within seconds', async (t) => {
  const { startServer, startWorker, writeTask } = await installation(t);
  const { cli } = await startServer();
  const waiting = await schedule(await writeTask(WAITING_STEP), cli);
  assert.equal((await slipway(['cancel', waiting], cli)).code, 0);
  assert.equal((await until(waiting, cli, hasEnded)).status, 'Canceled');
  await startWorker('only');
  const running = await schedule(await writeTask(WAITING_STEP, 'cmd: busybox echo never'), cli);
  await until(running, cli, isRunning);
  assert.equal((await slipway(['cancel', running], cli)).code, 0);
  const ended = await until(running, cli, hasEnded);
  assert.equal(ended.status, 'Canceled');
  assert.deepEqual(
    ended.steps.map((step) => step.status),
    ['stopped', 'skipped'],
  );
  assert.deepEqual(await objectsOf(parts.dockerHost, running), []);
});
