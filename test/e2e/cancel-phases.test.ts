/**
 * Cancels runs in every phase of their life, SLIPWAY_TEST_ROUNDS times each (once by default), and looks for what they left on the engine. The times
 * from the wish to the end are told, not asserted: the machine may be busy. `npm run chaos` does it fifty times.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type SlipwayClient } from '../../src/client/client.ts';
import { isFinal } from '../../src/core/run/transition.ts';
import type { Run } from '../../task-schemas/index.ts';
import { danglingImages, objectsOf, removeImages } from '../support/engine-objects.ts';
import { realParts } from '../support/real-parts.ts';
import { startSilentServer } from '../support/silent-server.ts';
import { slipway, startSlipway, temporaryFolder } from '../support/slipway.ts';

const ROUNDS = Number(process.env.SLIPWAY_TEST_ROUNDS ?? 1);
const parts = realParts();
const TOKEN = 'a-token-for-this-test';

/** A server with a worker that carries out two runs at once, in a pool of its own. */
async function installation(t: TestContext) {
  const data = await temporaryFolder(t);
  const env = {
    REDIS_URL: parts.redisUrl,
    DOCKER_HOST: parts.dockerHost,
    SLIPWAY_REGISTRY: parts.registry,
    SLIPWAY_DATA: path.join(data, 'state'),
    SLIPWAY_POOL: `e2e-${process.pid}`,
    SLIPWAY_PORT: '0',
    SLIPWAY_TOKEN: TOKEN,
  };
  const server = startSlipway(t, ['server'], env);
  const url = /https?:\/\/[^\s"]+/.exec(await server.line('listening'))?.[0] ?? '';
  await startSlipway(t, ['worker'], env).line('taking runs');
  const client = createClient({ server: url, token: TOKEN });
  return { client, data, cli: { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: TOKEN } };
}

/** When a run is in the phase that it is canceled in: a line of its log says so. */
interface Phase {
  readonly name: string;
  readonly dockerfile?: string;
  readonly steps: readonly string[];
  /** What the worker is to fetch; absent: a folder is sent. */
  readonly context?: string;
  readonly line: RegExp;
}

function phases(silent: string): readonly Phase[] {
  const build = (image: string) => `build: -t ${image} --build-arg RUN={{.Run.ID}} .`;
  // The first layer is new each time, so that there is something to leave behind.
  const dockerfile = 'FROM busybox\nARG RUN\nRUN echo "$RUN" > /run-id\nRUN echo "now it runs" && sleep 120\n';
  const image = (name: string) => `${silent}/${name}:{{.Run.ID}}`;
  return [
    { name: 'queued or just taken', steps: ['cmd: busybox sleep 120'], line: /Queued/ },
    { name: 'fetching', context: `http://${silent}/hello.git`, steps: [], line: /Fetching/ },
    { name: 'pulling', steps: [`cmd: ${silent}/nothing/here`], line: /Pulling/ },
    { name: 'building', dockerfile, steps: [build('chaos:{{.Run.ID}}')], line: /now it runs/ },
    {
      name: 'building classically',
      dockerfile,
      steps: [`${build('chaos:{{.Run.ID}}')}\n    env: [DOCKER_BUILDKIT=0]`],
      line: /now it runs/,
    },
    { name: 'running', steps: ['cmd: busybox sh -c "echo now it runs; sleep 120"'], line: /now it runs/ },
    {
      name: 'running, deaf to signals',
      steps: [`cmd: busybox sh -c "trap '' TERM; echo now it runs; while true; do sleep 1; done"`],
      line: /now it runs/,
    },
    {
      name: 'running beside a detached step and another',
      steps: [
        'cmd: busybox httpd -f -p 80\n    id: server\n    detach: true',
        'cmd: busybox sleep 120\n    id: beside\n    when: [server]',
        'cmd: busybox sh -c "echo now it runs; sleep 120"\n    when: [server]',
      ],
      line: /now it runs/,
    },
    {
      name: 'waiting between tries',
      steps: ['cmd: busybox false\n    retries: 3\n    retryDelay: 100'],
      line: /before retrying/,
    },
    { name: 'waiting to start', steps: ['cmd: busybox true\n    startDelay: 100'], line: /Executing step/ },
    {
      name: 'pushing',
      dockerfile: 'FROM busybox\nRUN date +%N > /now\n',
      steps: [build(image('chaos')), `push: ["${image('chaos')}"]`],
      line: /Pushing image/,
    },
  ];
}

async function schedule(folder: string, phase: Phase, cli: Record<string, string>): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'Dockerfile'), phase.dockerfile ?? 'FROM scratch\n');
  const steps = phase.steps.map((step) => `  - ${step}\n`).join('');
  await writeFile(path.join(folder, 'task.yaml'), `version: v1.1.0\nsteps:\n${steps}`);
  const scheduled = await slipway(['run', '-f', 'task.yaml', '--no-wait', '--json', phase.context ?? '.'], cli, folder);
  assert.equal(scheduled.code, 0, scheduled.stderr);
  return JSON.parse(scheduled.stdout).id;
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

test('a run that is canceled ends soon in every phase and leaves nothing', async (t) => {
  const { client, data, cli } = await installation(t);
  const silent = await startSilentServer(t);
  const dangling = await danglingImages(parts.dockerHost);
  for (const phase of phases(silent)) {
    await t.test(phase.name, async (t) => {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const runId = await schedule(path.join(data, 'context'), phase, cli);
        await untilLogged(client, runId, phase.line);
        // Not always at the same point of the phase.
        await sleep((round * 37) % 400);
        await client.cancelRun(runId);
        const run = await untilEnded(client, runId);
        assert.equal(run.status, 'Canceled', run.failure?.message);
        took.push((run.finishedAt ?? 0) - (run.cancelRequestedAt ?? 0));
        assert.deepEqual(await objectsOf(parts.dockerHost, runId), [], `round ${round}`);
        await removeImages(parts.dockerHost, `${silent}/chaos:${runId}`);
      }
      const sorted = took.toSorted((a, b) => a - b);
      t.diagnostic(
        `${ROUNDS} times, ended after ${sorted[Math.floor(sorted.length / 2)]} ms (median), ${sorted.at(-1)} ms (most)`,
      );
    });
  }
  assert.deepEqual(await danglingImages(parts.dockerHost), dangling);
});
