import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createSecretBox } from '../../src/adapters/secrets/secret-box.ts';
import { createTextReader } from '../../src/adapters/text/text-reader.ts';
import { USUAL_BUILDS } from '../../src/core/plan/build/prepare-builds.ts';
import { STRICT_POLICY } from '../../src/core/policy/worker-policy.ts';
import { logArchiveKey } from '../../src/core/run/blob-keys.ts';
import { KEY_BYTES } from '../../src/core/secret/secret-keys.ts';
import type { BlobStore } from '../../src/ports/blob-store.ts';
import type { LogStore } from '../../src/ports/log-store.ts';
import type { JobOutcome } from '../../src/ports/run-queue.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import type { SecretBox } from '../../src/ports/secret-box.ts';
import type { Run, RunRequest } from '../../task-schemas/index.ts';
import { createJobHandler } from '../../workers/consumer.ts';
import { openSecrets } from '../../workers/open-secrets.ts';
import { runRun } from '../../workers/run-run.ts';
import { UnusableSource } from '../../workers/source/unusable-source.ts';
import { createMemoryBlobStore } from '../support/fakes/blob-store.ts';
import { noContexts } from '../support/fakes/context-fetcher.ts';
import { createMemoryLogStore } from '../support/fakes/log-store.ts';
import { aRun } from '../support/fakes/run.ts';
import { createMemoryRunStore } from '../support/fakes/run-store.ts';
import { fakeSecretSource } from '../support/fakes/secret-source.ts';
import { createFakeStepEngine } from '../support/fakes/step-engine.ts';

const task = (...steps: string[]): RunRequest => ({
  kind: 'encoded-task',
  source: { kind: 'none' },
  taskText: `version: v1.0.0\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`,
});

const SECRET = 'p@ss <word>/é"1"';
/** Docker's config.json writes hosts as URLs too. */
const OPAQUE = {
  kind: 'opaque',
  registry: 'https://r.test/v1/',
  username: 'me',
  password: 'registry pass',
  unused: {},
} as const;

/** What stands between a worker and the fakes. */
interface Wrap {
  runStore?(store: RunStore): RunStore;
  logStore?(store: LogStore): LogStore;
  blobStore?(store: BlobStore): BlobStore;
  /** Why there is no source. */
  readonly source?: Error;
  readonly secretBox?: SecretBox;
}

const secretBox = createSecretBox([Buffer.alloc(KEY_BYTES, 1)]);

/** A function that fails the first `times` times, as a store does that is away for a while. */
function failing<A extends unknown[], R>(times: number, work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let left = times;
  return async (...args) => {
    if (left-- > 0) throw new Error('the store is away');
    return work(...args);
  };
}

/** A worker on fakes, with one run in the store. */
async function worker(request: RunRequest, change: Partial<Run> = {}, wrap: Wrap = {}) {
  const runStore = createMemoryRunStore();
  const logStore = createMemoryLogStore({ runs: runStore });
  const blobStore = createMemoryBlobStore();
  const engine = createFakeStepEngine({ kind: 'waits' });
  const removed: string[] = [];
  const said: string[] = [];
  const told: object[] = [];
  const say = (fields: object, message: string) => {
    said.push(message);
    told.push(fields);
  };
  const deps = {
    runStore: wrap.runStore?.(runStore) ?? runStore,
    logStore: wrap.logStore?.(logStore) ?? logStore,
    blobStore: wrap.blobStore?.(blobStore) ?? blobStore,
    operatorLog: { info: () => {}, warn: say, error: say },
    secrets: ['hush-hush'],
    logLimitBytes: 1e6,
    now: () => 5_000,
  };
  const handlerOf = (workerName: string) =>
    createJobHandler({
      ...deps,
      workerName,
      carryOut: (attempt) =>
        runRun(attempt, {
          engine,
          registry: 'localhost:5000',
          textReader: createTextReader(),
          imageAliases: new Map(),
          secretSource: fakeSecretSource({ 'env:TOKEN': SECRET, 'env:PIN': '12' }),
          signIns: [OPAQUE],
          policy: STRICT_POLICY,
          fetch: async () => {
            if (wrap.source !== undefined) throw wrap.source;
            const remove = async () => void removed.push(workerName);
            return { directory: '/nowhere', fetchContext: noContexts, remove };
          },
          builds: USUAL_BUILDS,
          openSecrets: () =>
            openSecrets(attempt.run.id, { runStore: deps.runStore, secretBox: wrap.secretBox ?? secretBox }),
          now: deps.now,
        }),
    });
  const run = aRun({ request, ...change });
  await runStore.insert(run);
  const shutdown = new AbortController();
  return {
    run,
    engine,
    runStore,
    shutdown,
    removed,
    said,
    told,
    logStore,
    take: (name = 'w1', signal = shutdown.signal, runId = run.id): Promise<JobOutcome> =>
      handlerOf(name)({ runId }, signal),
    record: () => runStore.peek(run.id),
    async archived(runId = run.id) {
      const blob = await blobStore.get(logArchiveKey(runId));
      return blob === undefined ? undefined : gunzipSync(Buffer.concat(await blob.toArray())).toString();
    },
  };
}

test('a run goes from Queued to Succeeded and its log into the archive', async () => {
  const { take, engine, record, archived, removed, run } = await worker(task('cmd: busybox echo hi'));
  const done = take();
  const step = await engine.started('acb_step_0');
  assert.equal(record()?.status, 'Running');
  await step.output.write('stdout', Buffer.from('the hush-hush word\n'));
  step.exit(0);
  assert.equal(await done, 'done');
  const { status, attempt, worker: name, steps, logArchived } = record() ?? assert.fail();
  assert.deepEqual([status, attempt, name, logArchived], ['Succeeded', 1, 'w1', true]);
  assert.deepEqual(
    steps.map((one) => [one.status, one.exitCode]),
    [['succeeded', 0]],
  );
  const log = await archived();
  assert.match(log ?? '', /the \*\*\* word/);
  assert.equal(engine.opened[0]?.hide('of hush-hush'), 'of ***', 'for what the engine tells of images');
  assert.match(log ?? '', new RegExp(`Run ID: ${run.id} was successful`));
  assert.deepEqual(removed, ['w1']);
  assert.deepEqual(engine.objectsOf(run.id), []);
});

/** What the run has on the engine at the moment its end is recorded. */
async function leftAtItsEnd(end: (rig: Awaited<ReturnType<typeof worker>>) => Promise<unknown>): Promise<unknown> {
  const left: (readonly string[])[] = [];
  const rig = await worker(
    task('cmd: busybox true'),
    {},
    {
      runStore: (store) => ({
        ...store,
        apply: (id, event, fence) => {
          if (event.kind === 'finished') left.push(rig.engine.objectsOf(id));
          return store.apply(id, event, fence);
        },
      }),
    },
  );
  const done = rig.take();
  await end(rig);
  await done;
  assert.deepEqual(rig.engine.objectsOf(rig.run.id), []);
  return left;
}

test('what a run needed on the engine is removed when its end is told, but what a canceled one needed before', async () => {
  const left = await leftAtItsEnd(async ({ engine }) => (await engine.started('acb_step_0')).exit(0));
  assert.deepEqual(left, [['network slipway-r0000001-1']]);
  const leftOfCanceled = await leftAtItsEnd(async ({ engine, runStore, run }) => {
    await engine.started('acb_step_0');
    await runStore.apply(run.id, { kind: 'cancel-requested', at: 6_000, by: 'someone' });
  });
  assert.deepEqual(leftOfCanceled, [[]]);
});

for (const { end, exitCode, arrive } of [
  { end: 'Succeeded', exitCode: 0, arrive: true },
  { end: 'Failed', exitCode: 1, arrive: true },
  { end: 'Canceled', exitCode: undefined, arrive: false },
]) {
  test(`layers that a run has begun to keep ${arrive ? 'go on' : 'do not go on'} when it ends as ${end}`, async () => {
    const build = '{id: build, build: -t localhost:5000/app ., cache: enabled}';
    const { take, engine, run, runStore, record } = await worker(task(build, '{id: test, cmd: busybox true}'));
    engine.script('build', { kind: 'exits', code: 0 });
    const done = take();
    const tested = await engine.started('test');
    assert.equal(engine.onTheirWay(run.id).length, 1);
    if (exitCode !== undefined) tested.exit(exitCode);
    else await runStore.apply(run.id, { kind: 'cancel-requested', at: 6_000, by: 'someone' });
    await done;
    assert.equal(record()?.status, end);
    assert.equal(engine.onTheirWay(run.id).length, arrive ? 1 : 0);
  });
}

test('the secrets of a run are in what it does, and nowhere else', async () => {
  const { engine, runStore, take, archived } = await worker(task('cmd: busybox true'));
  const secrets = { set: { who: 'hush <one>' }, buildArgs: {} };
  const run = aRun({ id: 'r0000002', request: task('cmd: busybox echo {{.Values.who | quote}}') });
  await runStore.insert(run, secretBox.seal(JSON.stringify(secrets)));
  const done = take('w1', undefined, run.id);
  const step = await engine.started('acb_step_0');
  assert.deepEqual(step.step.kind === 'cmd' ? step.step.args : [], ['echo', 'hush <one>']);
  await step.output.write('stdout', Buffer.from('hush <one>\n'));
  step.exit(0);
  await done;
  assert.match((await archived(run.id)) ?? '', /\*\*\*/);
  assert.doesNotMatch(`${await archived(run.id)}${JSON.stringify(runStore.peek(run.id))}`, /hush/);
  assert.equal(await runStore.secretsOf(run.id), undefined);
});

test('a store that is away for a while does not end a run whose secrets are read just then', async () => {
  const wrap: Wrap = { runStore: (store) => ({ ...store, secretsOf: failing(2, store.secretsOf) }) };
  const { engine, take, record } = await worker(task('cmd: busybox true'), {}, wrap);
  const done = take();
  (await engine.started('acb_step_0')).exit(0);
  await done;
  assert.equal(record()?.status, 'Succeeded');
});

test('a worker without the key of the secrets says so, and runs nothing', async () => {
  const other = createSecretBox([Buffer.alloc(KEY_BYTES, 2)]);
  const { engine, runStore, take } = await worker(task('cmd: busybox true'), {}, { secretBox: other });
  const run = aRun({ id: 'r0000002', request: task('cmd: busybox true') });
  await runStore.insert(run, secretBox.seal('{}'));
  await take('w1', undefined, run.id);
  const { status, failure } = runStore.peek(run.id) ?? assert.fail();
  assert.deepEqual([status, failure?.code], ['Error', 'secrets-unreadable']);
  assert.match(failure?.hint ?? '', /SLIPWAY_SECRET_KEYS/);
  assert.deepEqual(engine.opened, []);
});

test('a task that cannot be compiled fails with its diagnostics, and runs nothing', async () => {
  const { take, record, engine } = await worker(task('cmd: busybox echo hi\n    when: [nobody]'));
  await take();
  assert.equal(record()?.status, 'Failed');
  assert.equal(record()?.failure?.code, 'task-invalid');
  assert.ok((record()?.failure?.diagnostics ?? []).length > 0);
  assert.deepEqual(engine.opened, []);
});

test('a failed step fails the run with its step and reason', async () => {
  const { take, engine, record } = await worker(
    task('{id: bad, cmd: busybox false}', '{id: after, cmd: busybox true}'),
  );
  const done = take();
  (await engine.started('bad')).exit(3);
  await done;
  assert.equal(record()?.status, 'Failed');
  assert.equal(record()?.failure?.step, 'bad');
  assert.deepEqual(
    record()?.steps.map((step) => step.status),
    ['failed', 'skipped'],
  );
});

test('canceling stops the steps and ends the run as Canceled', async () => {
  const { take, engine, record, runStore, run } = await worker(task('cmd: busybox sleep 99'));
  const done = take();
  const step = await engine.started('acb_step_0');
  await runStore.apply(run.id, { kind: 'cancel-requested', at: 6_000, by: 'someone' });
  assert.equal(await done, 'done');
  assert.ok(step.signal.aborted);
  assert.equal(record()?.status, 'Canceled');
  assert.deepEqual(engine.objectsOf(run.id), []);
});

test('a run that was canceled while it waited is not run; its log says so and is archived', async () => {
  const { take, engine, record, archived, runStore, run } = await worker(task('cmd: busybox true'));
  await runStore.apply(run.id, { kind: 'cancel-requested', at: 2_000, by: 'someone' });
  assert.equal(await take(), 'done');
  assert.equal(record()?.attempt, 0);
  assert.equal(record()?.logArchived, true);
  assert.match((await archived()) ?? '', /Canceled by someone before it started/);
  assert.deepEqual(engine.opened, []);
});

test('the run limit ends the run as Timeout', async () => {
  const { take, record } = await worker(task('cmd: busybox sleep 99'), { timeoutSeconds: 1 });
  await take();
  assert.equal(record()?.status, 'Timeout');
});

test('the limit is one for all attempts: what earlier ones took of it is not to be had again', async () => {
  const { take, record } = await worker(task('cmd: busybox sleep 99'), { timeoutSeconds: 60, earlierMs: 59_000 });
  const begin = performance.now();
  await take();
  assert.ok(performance.now() - begin < 10_000);
  const { status, failure } = record() ?? {};
  assert.equal(status, 'Timeout');
  assert.equal(failure?.message, 'The run took longer than its limit of 60 s, of which earlier attempts took 59 s.');
});

test('a run whose time is up when it is taken up again ends as Timeout, and no step starts', async () => {
  const { take, engine, record } = await worker(task('cmd: busybox true'), { timeoutSeconds: 60, earlierMs: 60_000 });
  assert.equal(await take(), 'done');
  const { status, failure } = record() ?? {};
  assert.equal(status, 'Timeout');
  assert.equal(failure?.message, 'Earlier attempts have used up the limit of the run, 60 s.');
  assert.deepEqual(engine.opened, []);
});

test('an attempt that another worker has taken over changes nothing more', async () => {
  const { take, engine, record, run } = await worker(task('cmd: busybox echo hi'));
  const first = take('w1');
  await engine.started('acb_step_0');
  const second = take('w2');
  assert.equal(await first, 'done');
  assert.equal(record()?.attempt, 2);
  (await engine.started('acb_step_0')).exit(0);
  assert.equal(await second, 'done');
  assert.deepEqual([record()?.status, record()?.worker, record()?.losses], ['Succeeded', 'w2', 1]);
  assert.deepEqual(engine.objectsOf(run.id), []);
});

test('a run that lost its worker twice ends as Error, with the reason in its log', async () => {
  const { take, engine, record, archived } = await worker(task('cmd: busybox true'), {
    status: 'Running',
    attempt: 2,
    losses: 1,
    worker: 'gone',
  });
  assert.equal(await take(), 'done');
  assert.equal(record()?.status, 'Error');
  assert.equal(record()?.failure?.code, 'worker-lost');
  assert.match((await archived()) ?? '', /Worker gone vanished/);
  assert.deepEqual(engine.opened, []);
});

test('a worker that shuts down gives the run back, which is no loss', async () => {
  const { take, engine, record, shutdown } = await worker(task('cmd: busybox sleep 99'));
  const first = take();
  await engine.started('acb_step_0');
  shutdown.abort();
  assert.equal(await first, 'give-back');
  assert.deepEqual([record()?.status, record()?.losses, record()?.steps], ['Queued', 0, []]);
  const second = take('w2', new AbortController().signal);
  (await engine.started('acb_step_0')).exit(0);
  await second;
  assert.deepEqual([record()?.status, record()?.attempt], ['Succeeded', 2]);
});

test('an engine that breaks ends the run as Error and tells why', async () => {
  const { take, engine, record } = await worker(task('cmd: busybox true'));
  const done = take();
  (await engine.started('acb_step_0')).fault(new Error('The engine does not answer.'));
  await done;
  assert.equal(record()?.status, 'Error');
  assert.match(record()?.failure?.message ?? '', /The engine does not answer/);
});

/** What the people who run the worker can read of the fault: the one entry with an error. */
function faultOf(told: readonly object[]) {
  const [entry, ...more] = told.filter((fields) => 'err' in fields);
  assert.deepEqual(more, []);
  return { ...(entry ?? assert.fail('nothing was told')), shown: inspect(entry, { depth: 9 }) };
}

test('a fault is told to the operator: what, where, why, and of which attempt, without secrets', async () => {
  const { take, engine, run, told, record } = await worker(task('cmd: busybox true'));
  const done = take();
  const cause = Object.assign(new Error('connect ECONNREFUSED, not even with hush-hush'), { code: 'ECONNREFUSED' });
  const fault = new Error(`The engine does not answer to ${OPAQUE.password}.`, { cause });
  (await engine.started('acb_step_0')).fault(fault);
  await done;
  const { shown, ...fields } = faultOf(told);
  assert.deepEqual({ ...fields, err: undefined }, { err: undefined, runId: run.id, attempt: 1 });
  assert.match(
    shown,
    /The engine does not answer to \*\*\*\.[\s\S]*consumer\.test\.ts:\d+[\s\S]*ECONNREFUSED, not even/,
  );
  assert.doesNotMatch(shown, /hush-hush|registry pass/);
  assert.match(record()?.failure?.hint ?? '', /log of the worker says more/);
});

for (const { name, source, status, code } of [
  {
    name: 'that cannot be used',
    source: new UnusableSource('No.', 'Mend it.'),
    status: 'Failed',
    code: 'source-unusable',
  },
  {
    name: 'whose disk is full',
    source: new Error('ENOSPC: no space left on device'),
    status: 'Error',
    code: 'worker-disk-full',
  },
]) {
  test(`a source ${name} ${status === 'Error' ? 'is' : 'is no fault and not'} told to the operator`, async () => {
    const { take, record, told } = await worker(task('cmd: busybox true'), {}, { source });
    await take();
    assert.deepEqual([record()?.status, record()?.failure?.code], [status, code]);
    assert.equal(told.filter((fields) => 'err' in fields).length, status === 'Error' ? 1 : 0);
  });
}

test('an end that is somebody’s wish is told to no operator, whatever breaks on the way', async () => {
  const { take, engine, record, runStore, run, told } = await worker(task('cmd: busybox sleep 99'));
  const done = take();
  const step = await engine.started('acb_step_0');
  step.signal.addEventListener('abort', () => step.fault(new Error('ECONNRESET')));
  await runStore.apply(run.id, { kind: 'cancel-requested', at: 6_000, by: 'someone' });
  await done;
  assert.equal(record()?.status, 'Canceled');
  assert.deepEqual(told, []);
});

test('an attempt whose end cannot be recorded is told, and goes back to the queue', async () => {
  const stopped = new AbortController();
  const { take, engine, run, told } = await worker(
    task('cmd: busybox true'),
    {},
    {
      runStore: (store) => ({
        ...store,
        async apply(id, event, attempt) {
          if (event.kind !== 'finished') return store.apply(id, event, attempt);
          // While the worker stays, it tries again.
          stopped.abort();
          throw new Error('the store is away');
        },
      }),
    },
  );
  const done = take('w1', stopped.signal);
  (await engine.started('acb_step_0')).exit(0);
  assert.equal(await done, 'give-back');
  const { shown, ...fields } = faultOf(told);
  assert.deepEqual({ ...fields, err: undefined }, { err: undefined, runId: run.id, attempt: 1 });
  assert.match(shown, /the store is away/);
});

test('a job of a run that has ended or never was is put away', async () => {
  const { take, record } = await worker(task('cmd: busybox true'), { status: 'Succeeded', logArchived: true });
  assert.equal(await take(), 'done');
  assert.equal(record()?.status, 'Succeeded');
});

test('a run outlives a time without its stores, with every line', async () => {
  const { take, engine, record, archived } = await worker(
    task('cmd: busybox true'),
    {},
    {
      runStore: (store) => ({
        ...store,
        // The claim comes first; after it the store is away twice.
        apply: (() => {
          const flaky = failing(2, store.apply);
          return (id, event, attempt) => (attempt === undefined ? store.apply(id, event) : flaky(id, event, attempt));
        })(),
        watch: (() => {
          let away = true;
          return async function* (id, signal) {
            if (away) {
              away = false;
              throw new Error('the store is away');
            }
            yield* store.watch(id, signal);
          };
        })(),
      }),
      logStore: (store) => ({ ...store, append: failing(2, store.append) }),
    },
  );
  const done = take();
  const step = await engine.started('acb_step_0');
  await step.output.write('stdout', Buffer.from('kept\n'));
  step.exit(0);
  assert.equal(await done, 'done');
  assert.equal(record()?.status, 'Succeeded');
  assert.match((await archived()) ?? '', /Started on worker w1.*kept/s);
});

test('a log that cannot be archived now stays, is told to the operator, and is archived with the next job', async () => {
  const { take, engine, record, said, archived, logStore, run } = await worker(
    task('cmd: busybox true'),
    {},
    {
      blobStore: (store) => ({ ...store, put: failing(1, store.put) }),
    },
  );
  const done = take();
  (await engine.started('acb_step_0')).exit(0);
  assert.equal(await done, 'done');
  assert.deepEqual([record()?.status, record()?.logArchived], ['Succeeded', false]);
  assert.match(said.join(), /could not be archived/);
  const before = await logStore.read(run.id, 0, 100);
  assert.equal(await take(), 'done');
  assert.equal(record()?.logArchived, true);
  assert.equal((await archived())?.trim().split('\n').length, before.length);
});

test('the last line of a run that was canceled while it waited is written once, however often its job comes', async () => {
  const { take, archived, runStore, run } = await worker(
    task('cmd: busybox true'),
    {},
    {
      blobStore: (store) => ({ ...store, put: failing(2, store.put) }),
    },
  );
  await runStore.apply(run.id, { kind: 'cancel-requested', at: 2_000, by: 'someone' });
  for (let n = 0; n < 3; n += 1) await take();
  assert.equal((await archived())?.split('before it started').length, 2);
});

test('a one-off build may push to a registry that has a credential, however that names it', async () => {
  const images = ['r.test/app:1', 'own:1'];
  const { take, engine } = await worker({ kind: 'docker-build', source: { kind: 'none' }, images });
  engine.script('build', { kind: 'exits', code: 1 });
  await take();
  const [build] = engine.opened[0]?.plan.steps ?? [];
  assert.deepEqual(build?.kind === 'build' && build.images, ['r.test/app:1', 'localhost:5000/own:1']);
});

test('a log whose worker died between archiving and dropping it is dropped with the next job', async () => {
  const { take, logStore, run } = await worker(task('cmd: busybox true'), { status: 'Succeeded', logArchived: true });
  await logStore.append(run.id, 0, [{ at: 1, stream: 'engine', text: 'left' }]);
  await take();
  assert.deepEqual(await logStore.read(run.id, 0, 10), []);
});

/** A run of two steps with the secrets TOKEN and PIN, of which the first prints this in pieces. */
async function secretRun(print: readonly (string | Uint8Array)[]) {
  const request: RunRequest = {
    kind: 'encoded-task',
    source: { kind: 'none' },
    taskText: `secrets: [{id: token, keyvault: "env:TOKEN"}, {id: pin, keyvault: "env:PIN"}]
steps:
  - {id: first, cmd: busybox true, env: ['T={{.Secrets.token}}'], ignoreErrors: true}
  - {id: second, cmd: busybox true}
`,
  };
  const rig = await worker(request);
  const done = rig.take();
  const first = await rig.engine.started('first');
  assert.deepEqual(first.step.kind === 'cmd' && first.step.env, [`T=${SECRET}`]);
  for (const piece of print) await first.output.write('stdout', Buffer.from(piece));
  const message = `The engine said: ${SECRET}`;
  first.end({ kind: 'failed', reason: 'refused-by-engine', message, hint: `Look at ${encodeURIComponent(SECRET)}` });
  const second = await rig.engine.started('second');
  second.output.note(`pulling with ${OPAQUE.password}`);
  second.end({ kind: 'failed', reason: 'push-failed', message, hint: `Or ${Buffer.from(SECRET).toString('base64')}` });
  assert.equal(await done, 'done');
  return { record: rig.record() ?? assert.fail(), log: (await rig.archived()) ?? '' };
}

const encoded = (before: string) => Buffer.from(`${before}${SECRET} and more`).toString('base64');
const printed = [
  { name: 'as it is', text: `<${SECRET}>`, shown: '<***>' },
  { name: 'in base64', text: Buffer.from(SECRET).toString('base64'), shown: '***' },
  { name: 'in base64 of more, at the first place', text: encoded('abc'), shown: /^YWJj\*\*\*/ },
  { name: 'in base64 of more, at the second place', text: encoded('user:'), shown: /^\w+\*\*\*/ },
  { name: 'in base64 of more, at the third place', text: encoded('a'), shown: /^\w+\*\*\*/ },
  { name: 'URL-encoded', text: `u:${encodeURIComponent(SECRET)}@h`, shown: 'u:***@h' },
  { name: 'URL-encoded as in a form', text: new URLSearchParams({ p: SECRET }).toString(), shown: 'p=***' },
  { name: 'as JSON', text: JSON.stringify({ p: SECRET }), shown: '{"p":"***"}' },
  {
    name: 'as JSON of Go',
    text: SECRET.replace('<', '\\u003c').replace('>', '\\u003e').replaceAll('"', '\\"'),
    shown: '***',
  },
];

for (const { name, text, shown } of printed) {
  test(`a secret of a task is hidden in the log, ${name}, also when it comes byte by byte`, async () => {
    for (const pieces of [[`${text}\n`], [...Buffer.from(`${text}\n`)].map((byte) => Uint8Array.of(byte))]) {
      const { log } = await secretRun(pieces);
      const lines = log.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
      const line = lines.find(({ stream }) => stream === 'stdout')?.text ?? assert.fail(log);
      if (typeof shown === 'string') assert.equal(line, shown);
      else assert.match(line, shown);
      assert.doesNotMatch(log, /p@ss|word>|word%3E|registry pass/);
    }
  });
}

for (const end of ['\n', '']) {
  test(`a secret across the cut of a line that is too long is hidden${end ? '' : ', before the line ends'}`, async () => {
    for (const before of [65_536 - 5, 65_536 - SECRET.length, 2 * 65_536 - 1]) {
      const { log } = await secretRun([`${'x'.repeat(before)}${SECRET}`, `${'y'.repeat(70_000)}${end}`]);
      assert.doesNotMatch(log, /p@ss|p@|word>|1\\"y/);
      const text = log.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
      const output = text.filter(({ stream }) => stream === 'stdout').map((chunk) => chunk.text);
      assert.equal(output.join('').replaceAll('\n', ''), `${'x'.repeat(before)}***${'y'.repeat(70_000)}`);
    }
  });
}

test('a secret of a task is hidden in the record: messages and hints of steps and of the run', async () => {
  const { record, log } = await secretRun(['x\n']);
  assert.deepEqual(
    record.steps.map(({ message }) => message),
    ['The engine said: *** (ignored)', 'The engine said: ***'],
  );
  assert.deepEqual([record.failure?.message, record.failure?.hint], ['The engine said: ***', 'Or ***']);
  assert.match(log, /pulling with \*\*\*/);
  assert.doesNotMatch(JSON.stringify(record) + log, /p@ss|word>|p%40ss|registry pass/);
});

test('a secret that is too short to be hidden is told about', async () => {
  const { log } = await secretRun(['12\n']);
  assert.match(log, /A secret of this task is shorter than 4 characters and not hidden/);
});

test('a secret that cannot be read fails the run, and no step starts', async () => {
  const taskText = 'secrets: [{id: x, keyvault: "env:NOPE"}]\nsteps: [{cmd: a}]\n';
  const { take, record, engine, archived } = await worker({ kind: 'encoded-task', source: { kind: 'none' }, taskText });
  await take();
  const { status, failure } = record() ?? assert.fail();
  assert.deepEqual(
    [status, failure?.code, failure?.diagnostics?.[0]?.code],
    ['Failed', 'task-invalid', 'secret-unresolved'],
  );
  assert.equal(failure?.hint, 'Give it one.');
  assert.match((await archived()) ?? '', /"x\\" cannot be read from .*env:NOPE.*the fake has no such secret/);
  assert.deepEqual(engine.opened, []);
});
