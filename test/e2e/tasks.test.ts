import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DecisionPage, Run, RunPage } from '../../task-schemas/index.ts';
import { realParts } from '../support/real-parts.ts';
import { slipway, startSlipway, temporaryFolder } from '../support/slipway.ts';

const parts = realParts();
const SECRET = 'hush-hush-and-not-a-word';

test('a stored task runs by hand and by itself, once for each time, also when its server is killed', async (t) => {
  const pool = `e2e-${process.pid}-${Date.now()}`;
  const env = {
    REDIS_URL: parts.redisUrl,
    DOCKER_HOST: parts.dockerHost,
    SLIPWAY_REGISTRY: parts.registry,
    SLIPWAY_DATA: await temporaryFolder(t),
    SLIPWAY_POOL: pool,
    SLIPWAY_PORT: '0',
    SLIPWAY_TOKEN: 'a-token-for-this-test',
    SLIPWAY_GRACE_SECONDS: '1',
  };
  const startServer = async () => {
    const server = startSlipway(t, ['server'], env);
    const url = /https?:\/\/[^\s"]+/.exec(await server.line('listening'))?.[0] ?? '';
    return { server, cli: { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: env.SLIPWAY_TOKEN, WORD: SECRET } };
  };
  const first = await startServer();
  await startSlipway(t, ['worker'], env).line('taking runs');
  const task = `hello-${process.pid}`;
  // Other servers of this Redis may fire its timer too: the pool is the one of this test all the same.
  const made = await slipway(
    [
      ...['task', 'create', task, '--pool', pool, '--schedule', 'each:* * * * *'],
      ...['--cmd', 'busybox echo to {{.Values.who}}: {{.Values.WORD}}', '--set', 'who=all', '--set-secret', 'WORD'],
    ],
    first.cli,
  );
  assert.equal(made.code, 0, made.stderr);
  const byHand = await slipway(['task', 'run', task, '--set', 'who=me'], first.cli);
  assert.equal(byHand.code, 0, byHand.stderr);
  assert.match(byHand.stdout, /to me: \*\*\*/);

  await first.server.stop('SIGKILL');
  const { cli } = await startServer();
  const [run, ...others] = await byTimer(task, cli);
  assert.ok(run !== undefined && run.trigger.kind === 'timer');
  const dues = [run, ...others].map(({ trigger }) => (trigger.kind === 'timer' ? trigger.due : 0));
  assert.equal(new Set(dues).size, dues.length, 'a time that gave two runs');
  assert.equal(run.trigger.due % 60_000, 0);
  const log = await slipway(['task', 'logs', task, '--run-id', run.id], cli);
  assert.match(log.stdout, /to all: \*\*\*/);

  const told = await slipway(['triggers', 'log', '--task', task, '--json'], cli);
  const { decisions }: DecisionPage = JSON.parse(told.stdout);
  const mine = decisions.find(({ verdicts }) => verdicts.some(({ runId }) => runId === run.id));
  const why = await slipway(['triggers', 'explain', mine?.id ?? ''], cli);
  assert.match(why.stdout, new RegExp(`timer each, due [\\s\\S]*${task}: runs as ${run.id}`));
  const shown = (await slipway(['task', 'show', task, '--json'], cli)).stdout + log.stdout + told.stdout;
  assert.doesNotMatch(shown + byHand.stdout + byHand.stderr, new RegExp(SECRET));
  assert.equal((await slipway(['task', 'delete', task], cli)).code, 0);
});

/** The runs of a task that its timer made, once one of them has succeeded. */
async function byTimer(task: string, cli: Record<string, string>): Promise<readonly Run[]> {
  for (const deadline = Date.now() + 120_000; ; await sleep(500)) {
    const { stdout } = await slipway(['task', 'runs', task, '--json'], cli);
    const { runs }: RunPage = JSON.parse(stdout);
    const made = runs.filter(({ trigger }) => trigger.kind === 'timer');
    if (made.some(({ status }) => status === 'Succeeded')) return made.toReversed();
    assert.ok(Date.now() < deadline, `no timer has fired: ${stdout}`);
  }
}
