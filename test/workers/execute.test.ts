import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSandbox, StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { PlannedStep, RunEvent, RunResult } from '../../task-schemas/index.ts';
import { executePlan } from '../../workers/execute.ts';
import { createMask } from '../../workers/output/mask.ts';
import { createRunLog } from '../../workers/output/run-log.ts';
import { RunStopped } from '../../workers/stop.ts';
import { cmdStep as cmd, planOf } from '../support/fakes/planned-steps.ts';

const succeeded: StepResult = { kind: 'succeeded', exitCode: 0, images: [] };
const failed = (exitCode: number): StepResult => ({
  kind: 'failed',
  reason: 'exit-code',
  exitCode,
  message: `exit ${exitCode}`,
});

interface Execution {
  readonly output: StepOutput;
  end(result: StepResult): void;
  fault(error: Error): void;
}

/** A sandbox whose steps end when and how the test says. */
function rig(...steps: PlannedStep[]) {
  const events: RunEvent[] = [];
  const lines: string[] = [];
  const stop = new AbortController();
  const executions = new Map<string, Execution[]>();
  const wanted: { id: string; resolve: (execution: Execution) => void }[] = [];
  const sandbox: RunSandbox = {
    run: (step, output, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        const execution = { output, end: resolve, fault: reject };
        const waiting = wanted.findIndex(({ id }) => id === step.id);
        if (waiting >= 0) wanted.splice(waiting, 1)[0]?.resolve(execution);
        else executions.set(step.id, [...(executions.get(step.id) ?? []), execution]);
      }),
    settle: async () => undefined,
    close: async () => [],
  };
  const log = createRunLog({
    append: async (batch) => {
      lines.push(...batch.flatMap((one) => one.text.split('\n')));
      return { kind: 'appended', last: lines.length };
    },
    now: () => 0,
    mask: createMask([]),
    limitBytes: 1e6,
    onFenced: assert.fail,
    onFault: assert.fail,
  });
  const plan = planOf('r1234567', ...steps);
  const refusals = new Map<string, Error>();
  const report = async (event: RunEvent) => {
    const refusal = refusals.get(event.kind);
    if (refusal !== undefined) throw refusal;
    events.push(event);
  };
  const deps = { sandbox, log, now: () => 0, report };
  const result = executePlan(plan, deps, stop.signal);
  result.catch(() => undefined);
  return {
    result,
    stop,
    lines,
    events: () => events.map((event) => ('step' in event ? `${event.kind} ${event.step}` : event.kind)),
    refuse: (kind: RunEvent['kind'], error: Error) => void refusals.set(kind, error),
    running: (): string[] => [...executions.keys()],
    started: (id: string): Promise<Execution> =>
      new Promise((resolve) => {
        const ready = executions.get(id)?.shift();
        if (ready === undefined) wanted.push({ id, resolve });
        else resolve(ready);
      }),
    async end(id: string, how: StepResult = succeeded) {
      const { output, end } = await this.started(id);
      for (const image of how.images ?? []) output.pushed(image);
      end(how);
    },
    logged: () => log.end(),
    async all(): Promise<RunResult> {
      const end = await result;
      await log.end();
      return end;
    },
  };
}

const turns = async () => {
  for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
};

test('steps run one after the other when they depend on each other', async () => {
  const run = rig(cmd('a'), cmd('b', { dependsOn: ['a'] }));
  const a = await run.started('a');
  await turns();
  assert.deepEqual(run.events(), ['step-started a']);
  a.end(succeeded);
  await run.end('b');
  assert.deepEqual(await run.all(), { status: 'Succeeded' });
  assert.deepEqual(run.events(), ['step-started a', 'step-finished a', 'step-started b', 'step-finished b']);
});

test('steps that depend on nothing run at once; a join waits for both', async () => {
  const run = rig(cmd('a'), cmd('b'), cmd('join', { dependsOn: ['a', 'b'] }));
  const [a, b] = await Promise.all([run.started('a'), run.started('b')]);
  b.end(succeeded);
  await turns();
  assert.ok(!run.events().includes('step-started join'));
  a.end(succeeded);
  await run.end('join');
  assert.equal((await run.all()).status, 'Succeeded');
});

test('the first failure stops siblings, starts no dependants and still prints the summary', async () => {
  const run = rig(
    cmd('bad'),
    cmd('sibling'),
    cmd('after', { dependsOn: ['bad'] }),
    cmd('late', { dependsOn: ['sibling'] }),
  );
  await run.started('sibling');
  await run.end('bad', failed(3));
  assert.deepEqual(await run.all(), {
    status: 'Failed',
    failure: { code: 'exit-code', message: 'exit 3', step: 'bad' },
  });
  assert.ok(!run.events().some((event) => /started (after|late)/.test(event)));
  const summary = run.lines.filter((line) => line.includes('marked as')).map((line) => line.replace(/ \(.*/, ''));
  assert.deepEqual(summary, [
    'Step ID: bad marked as failed',
    'Step ID: sibling marked as stopped',
    'Step ID: after marked as skipped',
    'Step ID: late marked as skipped',
  ]);
});

test('an ignored failure lets dependants run and the run succeed', async () => {
  const run = rig(cmd('bad', { ignoreErrors: true }), cmd('after', { dependsOn: ['bad'] }));
  await run.end('bad', failed(1));
  await run.end('after');
  assert.equal((await run.all()).status, 'Succeeded');
  assert.ok(run.lines.some((line) => line.includes('is set to ignore errors')));
});

test('a failed step is retried as often as it may, and the last result counts', async () => {
  const run = rig(cmd('flaky', { retries: 2 }));
  await run.end('flaky', failed(1));
  await run.end('flaky', failed(1));
  await run.end('flaky');
  assert.equal((await run.all()).status, 'Succeeded');
});

test('retries end', async () => {
  const run = rig(cmd('broken', { retries: 1 }));
  await run.end('broken', failed(1));
  await run.end('broken', failed(2));
  assert.equal((await run.all()).status, 'Failed');
});

test('retryOnErrors retries only when a text was printed, also over a chunk border', async () => {
  const step = cmd('net', { retries: 5, retryOnErrors: ['connection reset'] });
  const run = rig(step);
  const first = await run.started('net');
  void first.output.write('stderr', Buffer.from('error: connection re'));
  void first.output.write('stderr', Buffer.from('set by peer\n'));
  first.end(failed(1));
  const second = await run.started('net');
  void second.output.write('stdout', Buffer.from('something else\n'));
  second.end(failed(1));
  assert.equal((await run.all()).status, 'Failed');
});

const said: readonly {
  readonly name: string;
  readonly reason: 'image-not-found' | 'build-failed' | 'exit-code';
  readonly retries: boolean;
}[] = [
  { name: 'a failed pull', reason: 'image-not-found', retries: true },
  { name: 'a failed build', reason: 'build-failed', retries: true },
  { name: 'our own words about an exit code', reason: 'exit-code', retries: false },
];

for (const { name, reason, retries } of said) {
  test(`retryOnErrors ${retries ? 'looks' : 'does not look'} into ${name}`, async () => {
    const run = rig(cmd('net', { retries: 1, retryOnErrors: ['toomanyrequests'] }));
    const message = 'Image web could not be pulled: toomanyrequests: slow down';
    await run.end('net', { kind: 'failed', reason, message });
    if (retries) await run.end('net');
    assert.equal((await run.all()).status, retries ? 'Succeeded' : 'Failed');
    assert.equal(
      run.lines.some((line) => line.includes('None of the texts in retryOnErrors')),
      !retries,
    );
  });
}

test('every repeat runs, and one failed repeat fails the step', async () => {
  const run = rig(cmd('soak', { repeat: 2 }));
  await run.end('soak');
  await run.end('soak', failed(1));
  await run.end('soak');
  assert.equal((await run.all()).status, 'Failed');
});

test('a step that takes too long fails as a timeout', async () => {
  const run = rig(cmd('slow', { timeoutSeconds: 1 }));
  const result = await run.all();
  assert.equal('failure' in result && result.failure.code, 'step-timeout');
});

test('cancelling rejects with the reason and stops everything', async () => {
  const run = rig(cmd('a'), cmd('b'));
  await Promise.all([run.started('a'), run.started('b')]);
  run.stop.abort(new Error('cancel'));
  await assert.rejects(run.result, /cancel/);
});

test('cancelling during a start delay does not wait for it', async () => {
  const run = rig(cmd('later', { startDelaySeconds: 3600 }));
  await turns();
  run.stop.abort(new Error('cancel'));
  await assert.rejects(run.result, /cancel/);
});

test('a fault stops the other steps and is thrown', async () => {
  const run = rig(cmd('a'), cmd('b'));
  await run.started('b');
  (await run.started('a')).fault(new Error('engine is gone'));
  await assert.rejects(run.result, /engine is gone/);
});

test('what a step pushes is reported before the step ends', async () => {
  const image = { registry: 'r', repository: 'x', digest: 'sha256:1' };
  const run = rig(cmd('push'));
  await run.end('push', { kind: 'succeeded', images: [image] });
  await run.all();
  assert.deepEqual(run.events(), ['step-started push', 'image-pushed', 'step-finished push']);
});

test('what was pushed is reported at once, and stays reported when its step takes too long or is stopped', async () => {
  const image = { registry: 'r', repository: 'x', digest: 'sha256:1' };
  const slow = rig(cmd('push', { timeoutSeconds: 1 }));
  const { output } = await slow.started('push');
  output.pushed(image);
  await turns();
  assert.deepEqual(slow.events(), ['step-started push', 'image-pushed']);
  const result = await slow.all();
  assert.equal('failure' in result && result.failure.code, 'step-timeout');
  output.pushed(image);
  assert.deepEqual(slow.events(), ['step-started push', 'image-pushed', 'step-finished push'], 'too late is not told');
  const canceled = rig(cmd('push'));
  (await canceled.started('push')).output.pushed(image);
  canceled.stop.abort(new Error('cancel'));
  await assert.rejects(canceled.result, /cancel/);
  assert.deepEqual(canceled.events(), ['step-started push', 'image-pushed']);
});

test('a run that may report no push any more goes on no longer', async () => {
  const run = rig(cmd('push'), cmd('after', { dependsOn: ['push'] }));
  run.refuse('image-pushed', new Error('fenced off'));
  await run.end('push', { kind: 'succeeded', images: [{ registry: 'r', repository: 'x', digest: 'sha256:1' }] });
  await assert.rejects(run.result, /fenced off/);
  assert.deepEqual(run.events(), ['step-started push']);
});

test('a detached step that dies while the run goes on is recorded; one that ends well or later is not', async () => {
  const run = rig(cmd('bad'), cmd('good'), cmd('late'), cmd('test'));
  let dieLate: (code: number) => void = () => {};
  const late = new Promise<number>((resolve) => {
    dieLate = resolve;
  });
  const ends = { bad: Promise.resolve(4), good: Promise.resolve(0), late };
  for (const [id, diedWith] of Object.entries(ends)) await run.end(id, { kind: 'succeeded', images: [], diedWith });
  const last = await run.started('test');
  await turns();
  last.end(succeeded);
  assert.deepEqual(await run.all(), { status: 'Succeeded' });
  dieLate(5);
  await turns();
  assert.deepEqual(
    run.events().filter((event) => event.startsWith('step-died')),
    ['step-died bad'],
  );
});
const scratch = { registry: 'r', repository: 'scratch', digest: '', reference: 'scratch:latest' };
const dependencies = {
  image: { registry: 'r', repository: 'x', tag: '1', digest: '', reference: 'r:1/x:1' },
  'runtime-dependency': scratch,
  'buildtime-dependency': null,
  git: { 'git-head-revision': 'abc' },
};
const build = { instructions: 2, cached: 1, seconds: 1, dependencies: [dependencies] };

/** The report of dependencies in the log, or undefined when there is none. */
function reportOf(lines: readonly string[]): unknown {
  const at = lines.indexOf('The following dependencies were found:');
  return at < 0 ? undefined : JSON.parse(lines[at + 1] ?? '');
}

test('dependencies of what was built are told with the digests of the push, also when the run fails', async () => {
  const run = rig(
    cmd('build'),
    cmd('broken', { ignoreErrors: true }),
    cmd('push', { dependsOn: ['build', 'broken'] }),
    cmd('bad', { dependsOn: ['push'] }),
  );
  await run.end('build', { ...succeeded, build });
  await run.end('broken', { ...failed(1), build: { ...build, dependencies: [] } });
  await run.end('push', { ...succeeded, images: [{ registry: 'r:1', repository: 'x', tag: '1', digest: 'sha256:1' }] });
  await run.end('bad', failed(1));
  assert.equal((await run.all()).status, 'Failed');
  const image = { ...dependencies.image, digest: 'sha256:1' };
  assert.deepEqual(reportOf(run.lines), [{ ...dependencies, image }]);
  assert.ok(run.lines.includes('Successfully populated digests for step ID: build'));
});

for (const { kind, told } of [
  { kind: 'canceled', told: true },
  { kind: 'shutdown', told: false },
] as const) {
  test(`summary and dependencies when the run is stopped: ${kind}`, async () => {
    const run = rig(cmd('build'), cmd('slow', { dependsOn: ['build'] }), cmd('never', { dependsOn: ['slow'] }));
    await run.end('build', { ...succeeded, build });
    await run.started('slow');
    run.stop.abort(new RunStopped({ kind }));
    await assert.rejects(run.all());
    await run.logged();
    assert.equal(reportOf(run.lines) !== undefined, told);
    assert.equal(
      run.lines.some((line) => line.startsWith('Step ID: slow marked as stopped')),
      told,
    );
    assert.equal(run.lines.includes('Step ID: never marked as skipped'), told);
  });
}
