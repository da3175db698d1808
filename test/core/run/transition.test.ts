import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFinal, transition } from '../../../src/core/run/transition.ts';
import type { Run, RunEvent, RunStatus, StepOutcome, StepRecord } from '../../../task-schemas/index.ts';
import { anImage, aRun } from '../../support/fakes/run.ts';

const steps = [
  { id: 'build', kind: 'build', status: 'waiting' },
  { id: 'push', kind: 'push', status: 'waiting' },
] as const satisfies readonly StepRecord[];

const queued = aRun();
const started = aRun({ status: 'Started', attempt: 1, worker: 'w1', startedAt: 2_000 });
const running = aRun({ ...started, status: 'Running', runningAt: 3_000, steps: [...steps], outputImages: [anImage()] });
const ofEveryStatus: Readonly<Record<RunStatus, Run>> = {
  Queued: queued,
  Started: started,
  Running: running,
  Succeeded: aRun({ ...running, status: 'Succeeded', finishedAt: 4_000 }),
  Failed: aRun({ ...running, status: 'Failed', finishedAt: 4_000 }),
  Canceled: aRun({ ...running, status: 'Canceled', finishedAt: 4_000 }),
  Error: aRun({ ...running, status: 'Error', finishedAt: 4_000 }),
  Timeout: aRun({ ...running, status: 'Timeout', finishedAt: 4_000 }),
};
const before = ['Queued', 'Started', 'Running'] as const;
const after = ['Succeeded', 'Failed', 'Canceled', 'Error', 'Timeout'] as const;

const failure = { code: 'step-failed', message: 'Step "test" ended with 3.', step: 'test' };
const events = {
  claimed: { kind: 'claimed', at: 9_000, worker: 'w9' },
  released: { kind: 'released', at: 9_000 },
  'source-fetched': { kind: 'source-fetched', at: 9_000, commit: 'c0ffee', branch: 'main' },
  planned: { kind: 'planned', at: 9_000, steps: [...steps] },
  'step-started': { kind: 'step-started', at: 9_000, step: 'build' },
  'step-finished': { kind: 'step-finished', at: 9_000, step: 'build', outcome: { kind: 'succeeded' } },
  'step-died': { kind: 'step-died', at: 9_000, step: 'build', exitCode: 4 },
  'image-pushed': { kind: 'image-pushed', at: 9_000, image: anImage({ tag: 'v2' }) },
  'cancel-requested': { kind: 'cancel-requested', at: 9_000, by: 'Ann' },
  finished: { kind: 'finished', at: 9_000, result: { status: 'Succeeded' } },
  'log-archived': { kind: 'log-archived', at: 9_000 },
  'keep-log': { kind: 'keep-log', at: 9_000, keep: true },
  'log-deleted': { kind: 'log-deleted', at: 9_000 },
} as const satisfies { readonly [K in RunEvent['kind']]: Extract<RunEvent, { kind: K }> };

function changed(run: Run, event: RunEvent): Run {
  const result = transition(run, event);
  assert.equal(result.kind, 'changed', result.kind === 'refused' ? result.reason : '');
  return result.kind === 'changed' ? result.run : run;
}

/** The parts of `is` that differ from `was`; a part that has gone is undefined. */
function changes(was: Run, is: Run): Partial<Record<keyof Run, unknown>> {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof Run)[];
  return Object.fromEntries(keys.filter((key) => was[key] !== is[key]).map((key) => [key, is[key]]));
}

test('a status is final when nothing may follow it', () => {
  assert.deepEqual(before.filter(isFinal), []);
  assert.deepEqual(after.filter(isFinal), [...after]);
});

test('a build is recorded with its report, and a push fills in the digest', () => {
  const image = { registry: 'r.io', repository: 'a', tag: '1', digest: '', reference: 'r.io/a:1' };
  const git = { 'git-head-revision': '' };
  const dependencies = [{ image, 'runtime-dependency': image, 'buildtime-dependency': null, git }];
  const build = { instructions: 3, cached: 2, seconds: 1.5, dependencies };
  const built = changed(running, { ...events['step-finished'], outcome: { kind: 'succeeded', build } });
  assert.deepEqual(built.steps[0]?.build, build);
  const pushed = changed(built, {
    ...events['image-pushed'],
    image: { registry: 'r.io', repository: 'a', tag: '1', digest: 'sha256:1' },
  });
  assert.equal(pushed.steps[0]?.build?.dependencies[0]?.image?.digest, 'sha256:1');
  assert.equal(pushed.steps[1], built.steps[1]);
});

/** Where an event may happen, and what the reason says where it may not; of statuses in neither list nothing is promised. */
interface Places {
  readonly in: readonly RunStatus[];
  readonly notIn: readonly RunStatus[];
  readonly reason: RegExp;
}

const places: { readonly [K in RunEvent['kind']]: Places } = {
  claimed: { in: before, notIn: after, reason: /ended as/ },
  released: { in: ['Started', 'Running'], notIn: ['Queued', ...after], reason: /ended as|is queued/ },
  'source-fetched': {
    in: ['Started'],
    notIn: ['Queued', 'Running', ...after],
    reason: /ended as|is queued|by a Started run/,
  },
  planned: {
    in: ['Started'],
    notIn: ['Queued', 'Running', ...after],
    reason: /ended as|is queued|belongs to a Started run/,
  },
  'step-started': {
    in: ['Running'],
    notIn: ['Queued', 'Started', ...after],
    reason: /ended as|is queued|no step "build"/,
  },
  'step-finished': {
    in: ['Running'],
    notIn: ['Queued', 'Started', ...after],
    reason: /ended as|is queued|no step "build"/,
  },
  'step-died': {
    in: ['Running'],
    notIn: ['Queued', 'Started', ...after],
    reason: /ended as|is queued|no step "build"/,
  },
  'image-pushed': {
    in: ['Running'],
    notIn: ['Queued', 'Started', ...after],
    reason: /ended as|is queued|Only a Running/,
  },
  'cancel-requested': { in: before, notIn: after, reason: /ended as/ },
  finished: { in: ['Started', 'Running'], notIn: ['Queued', ...after], reason: /ended as|is queued/ },
  'log-archived': { in: after, notIn: before, reason: /is queued|goes on/ },
  'keep-log': { in: [...before, ...after], notIn: [], reason: /./ },
  'log-deleted': { in: [], notIn: [...before, ...after], reason: /is queued|goes on|not archived yet/ },
};

for (const event of Object.values(events)) {
  const { in: allowed, notIn, reason } = places[event.kind];
  for (const status of allowed) {
    test(`${event.kind} may happen to a run that is ${status}`, () => {
      const given = structuredClone(ofEveryStatus[status]);
      changed(given, event);
      assert.deepEqual(given, ofEveryStatus[status], 'the given record is never touched');
    });
  }
  for (const status of notIn) {
    test(`${event.kind} is refused for a run that is ${status}`, () => {
      const result = transition(ofEveryStatus[status], event);
      assert.equal(result.kind, 'refused');
      if (result.kind === 'refused') assert.match(result.reason, reason);
    });
  }
}

const table: readonly {
  readonly name: string;
  readonly run: Run;
  readonly event: RunEvent;
  readonly expected: object;
}[] = [
  {
    name: 'the commit that was fetched is recorded',
    run: ofEveryStatus.Started,
    event: events['source-fetched'],
    expected: { commit: 'c0ffee', branch: 'main' },
  },
  {
    name: 'the first claim starts the run',
    run: queued,
    event: events.claimed,
    expected: { status: 'Started', startedAt: 9_000, attempt: 1, worker: 'w9' },
  },
  {
    name: 'a claim of a started run is a loss: a new attempt',
    run: started,
    event: events.claimed,
    expected: { startedAt: 9_000, attempt: 2, worker: 'w9', losses: 1, earlierMs: 7_000, steps: [], outputImages: [] },
  },
  {
    name: 'a claim of a running run forgets what the lost attempt did',
    run: running,
    event: events.claimed,
    expected: {
      status: 'Started',
      startedAt: 9_000,
      runningAt: undefined,
      attempt: 2,
      worker: 'w9',
      losses: 1,
      earlierMs: 7_000,
      steps: [],
      outputImages: [],
    },
  },
  {
    name: 'a run that was given back forgets the attempt and keeps its number',
    run: running,
    event: events.released,
    expected: {
      status: 'Queued',
      startedAt: undefined,
      runningAt: undefined,
      earlierMs: 7_000,
      steps: [],
      outputImages: [],
    },
  },
  {
    name: 'the next claim after that is no loss',
    run: aRun({ attempt: 1, worker: 'w1' }),
    event: events.claimed,
    expected: { status: 'Started', startedAt: 9_000, attempt: 2, worker: 'w9' },
  },
  {
    name: 'a plan makes it run',
    run: started,
    event: events.planned,
    expected: { status: 'Running', runningAt: 9_000, steps: [...steps] },
  },
  {
    name: 'an image is added to those before',
    run: running,
    event: events['image-pushed'],
    expected: { outputImages: [anImage(), anImage({ tag: 'v2' })] },
  },
  {
    name: 'cancel ends a queued run at once',
    run: queued,
    event: events['cancel-requested'],
    expected: {
      status: 'Canceled',
      finishedAt: 9_000,
      cancelRequestedAt: 9_000,
      steps: [],
      failure: { code: 'canceled', message: 'Canceled by Ann before it started.' },
    },
  },
  {
    name: 'cancel of a running run is noted for its worker',
    run: running,
    event: events['cancel-requested'],
    expected: { cancelRequestedAt: 9_000 },
  },
  {
    name: 'the first request to cancel counts',
    run: aRun({ ...running, cancelRequestedAt: 8_000 }),
    event: events['cancel-requested'],
    expected: {},
  },
  {
    name: 'a run that is given back after somebody asked to cancel it ends',
    run: aRun({ ...started, cancelRequestedAt: 8_000 }),
    event: events.released,
    expected: {
      status: 'Canceled',
      finishedAt: 9_000,
      steps: [],
      failure: { code: 'canceled', message: 'The run was canceled.' },
    },
  },
  {
    name: 'a run that loses its worker after somebody asked to cancel it ends',
    run: aRun({ ...started, cancelRequestedAt: 8_000 }),
    event: events.claimed,
    expected: {
      status: 'Canceled',
      attempt: 2,
      worker: 'w9',
      losses: 1,
      finishedAt: 9_000,
      steps: [],
      failure: { code: 'canceled', message: 'The run was canceled.' },
    },
  },
  {
    name: 'success has no failure',
    run: running,
    event: events.finished,
    expected: { status: 'Succeeded', finishedAt: 9_000 },
  },
  ...(['Failed', 'Canceled', 'Error', 'Timeout'] as const).map((status) => ({
    name: `${status} says why`,
    run: started,
    event: { kind: 'finished', at: 9_000, result: { status, failure } } as const,
    expected: { status, finishedAt: 9_000, failure, steps: [] },
  })),
  {
    name: 'an archived log is noted after the end',
    run: ofEveryStatus.Failed,
    event: events['log-archived'],
    expected: { logArchived: true },
  },
];

for (const { name, run, event, expected } of table) {
  test(name, () => assert.deepEqual(changes(run, changed(run, event)), expected));
}

test('the second loss ends the run as Error and says which worker was lost', () => {
  const lostOnce = changed(started, { ...events.claimed, worker: 'w2' });
  const run = changed(changed(lostOnce, events.planned), { ...events.claimed, worker: 'w3' });
  assert.equal(run.status, 'Error');
  assert.deepEqual([run.attempt, run.losses, run.finishedAt], [3, 2, 9_000]);
  assert.equal(run.failure?.code, 'worker-lost');
  assert.match(run.failure?.message ?? '', /Worker w2 vanished while it ran attempt 2/);
  assert.match(run.failure?.hint ?? '', /schedule the run again/);
});

test('a run that ends without success stops the steps that run and skips those that wait', () => {
  const first = changed(running, { kind: 'step-finished', at: 4_000, step: 'build', outcome: { kind: 'succeeded' } });
  const both = changed(running, events['step-started']);
  const result = { status: 'Canceled', failure } as const;
  assert.deepEqual(
    [first, both].map((run) => changed(run, { kind: 'finished', at: 9_500, result }).steps),
    [
      [
        { ...steps[0], status: 'succeeded', finishedAt: 4_000 },
        { ...steps[1], status: 'skipped' },
      ],
      [
        { ...steps[0], status: 'stopped', startedAt: 9_000, finishedAt: 9_500 },
        { ...steps[1], status: 'skipped' },
      ],
    ],
  );
});

test('what attempts took adds up, and the wait between them does not count', () => {
  const given = changed(changed(queued, { ...events.claimed, at: 1_000 }), { ...events.released, at: 4_000 });
  assert.equal(given.earlierMs, 3_000);
  const lost = changed(changed(given, { ...events.claimed, at: 60_000 }), { ...events.claimed, at: 62_000 });
  assert.deepEqual([lost.earlierMs, lost.startedAt], [5_000, 62_000]);
});

test('giving back does not forgive a loss', () => {
  const released = changed(changed(started, events.claimed), events.released);
  const claimedAgain = changed(released, events.claimed);
  assert.equal(claimedAgain.status, 'Started');
  assert.equal(changed(claimedAgain, events.claimed).status, 'Error');
});

const stepOutcomes = [
  { name: 'succeeded', outcome: { kind: 'succeeded' }, expected: { status: 'succeeded', finishedAt: 9_000 } },
  {
    name: 'succeeded with an exit code',
    outcome: { kind: 'succeeded', exitCode: 0 },
    expected: { status: 'succeeded', finishedAt: 9_000, exitCode: 0 },
  },
  {
    name: 'failed',
    outcome: { kind: 'failed', reason: 'exit-code', message: 'It ended with 3.', exitCode: 3, ignored: false },
    expected: { status: 'failed', finishedAt: 9_000, exitCode: 3, message: 'It ended with 3.' },
  },
  {
    name: 'failed without an exit code',
    outcome: { kind: 'failed', reason: 'timeout', message: 'It took too long.', ignored: false },
    expected: { status: 'failed', finishedAt: 9_000, message: 'It took too long.' },
  },
  {
    name: 'failed and ignored',
    outcome: { kind: 'failed', reason: 'exit-code', message: 'It ended with 3.', exitCode: 3, ignored: true },
    expected: { status: 'succeeded', finishedAt: 9_000, exitCode: 3, message: 'It ended with 3. (ignored)' },
  },
] as const satisfies readonly { readonly name: string; readonly outcome: StepOutcome; readonly expected: object }[];

for (const { name, outcome, expected } of stepOutcomes) {
  test(`a step that ${name} is recorded, and no other step`, () => {
    const run = changed(running, { kind: 'step-finished', at: 9_000, step: 'build', outcome });
    assert.deepEqual(run.steps, [{ ...steps[0], ...expected }, steps[1]]);
  });
}

test('a detached step that died is told in its record, and the run goes on', () => {
  const started = changed(running, { kind: 'step-finished', at: 4_000, step: 'build', outcome: { kind: 'succeeded' } });
  const run = changed(started, events['step-died']);
  const message = 'It ran detached and ended by itself with code 4, before the run did.';
  assert.deepEqual(run.steps, [{ ...started.steps[0], exitCode: 4, message }, steps[1]]);
  assert.equal(run.status, 'Running');
});

test('a step that starts is recorded', () => {
  assert.deepEqual(changed(running, events['step-started']).steps, [
    { ...steps[0], status: 'running', startedAt: 9_000 },
    steps[1],
  ]);
});

test('a step that the plan does not have is named', () => {
  const result = transition(running, { kind: 'step-started', at: 9_000, step: 'tset' });
  assert.deepEqual(result, { kind: 'refused', reason: 'The run has no step "tset".' });
});
