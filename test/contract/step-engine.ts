import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSandbox, StepEngine, StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep, CmdStep, OutputImage, PushStep } from '../../task-schemas/index.ts';
import { noContexts } from '../support/fakes/context-fetcher.ts';
import { planOf } from '../support/fakes/planned-steps.ts';
import { nothingHidden } from '../support/fakes/show-all.ts';

/** What a step of the suite does. */
export type Behaviour =
  | { readonly kind: 'exits'; readonly code: number; readonly stdout?: string; readonly stderr?: string }
  | { readonly kind: 'waits' };

/** What the suite needs of an engine under test. */
export interface StepEngineRig {
  readonly engine: StepEngine;
  /** Folder that is the source of every run of the suite. */
  readonly sourceDirectory: string;
  /** An id that no other run of this engine has. */
  newRunId(): string;
  /** A step that behaves so; one that waits prints "waiting" first. */
  step(id: string, behaviour: Behaviour, change?: Partial<CmdStep>): CmdStep;
  /** A step that pushes one image, which only has to be pushed. */
  pushStep(id: string): Promise<PushStep>;
  /** A build whose layers do not arrive before they are let. */
  keepingStep(id: string): Promise<KeepingStep>;
  /** Resolves when a step that waits has started. */
  hasStarted(id: string, output: RecordedOutput): Promise<void>;
  /** Names of everything a run has on the engine. */
  objectsOf(runId: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A build that keeps its layers, whose way is blocked. */
export interface KeepingStep {
  readonly step: BuildStep;
  /** Resolves when they are on their way. */
  begun(): Promise<void>;
  /** Lets them through; answers whether they arrive. */
  arrive(): Promise<boolean>;
}

/** An output that keeps everything, and checks that the engine waits for its writes. */
export interface RecordedOutput extends StepOutput {
  text(stream: 'stdout' | 'stderr'): string;
  readonly notes: readonly string[];
  readonly images: readonly OutputImage[];
  /** Resolves when `stdout` or a note contains the text. */
  contains(text: string): Promise<void>;
}

/** A fresh output. */
export function recordOutput(): RecordedOutput {
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const notes: string[] = [];
  const images: OutputImage[] = [];
  const waiting: (() => void)[] = [];
  const text = (stream: 'stdout' | 'stderr') => Buffer.concat(chunks[stream]).toString('utf8');
  const wake = () => {
    for (const look of waiting) look();
  };
  let writing = false;
  return {
    async write(stream, chunk) {
      assert.equal(writing, false, 'a write began before the one before it was done');
      writing = true;
      chunks[stream].push(Uint8Array.from(chunk));
      await new Promise(setImmediate);
      writing = false;
      wake();
    },
    note(line) {
      notes.push(line);
      wake();
    },
    pushed: (image) => void images.push(image),
    text,
    notes,
    images,
    contains: (wanted) =>
      new Promise((resolve) => {
        const look = () => (text('stdout').includes(wanted) || notes.join('\n').includes(wanted)) && resolve();
        waiting.push(look);
        look();
      }),
  };
}

const never = new AbortController().signal;

/** What every StepEngine promises for cmd steps (src/ports/step-engine.ts). */
export function stepEngineContract(name: string, create: () => Promise<StepEngineRig>): void {
  function check(what: string, body: (rig: StepEngineRig, runId: string) => Promise<void>): void {
    test(`${name}: ${what}`, async () => {
      const rig = await create();
      const runId = rig.newRunId();
      try {
        await body(rig, runId);
        assert.deepEqual(await rig.objectsOf(runId), [], 'nothing of the run is left on the engine');
      } finally {
        await rig.close();
      }
    });
  }
  resultContract(check);
  abortContract(check);
  lifeContract(check);
  cleanUpContract(check);
}

type Check = (what: string, body: (rig: StepEngineRig, runId: string) => Promise<void>) => void;

async function withSandbox(
  rig: StepEngineRig,
  runId: string,
  body: (sandbox: RunSandbox) => Promise<void>,
  attempt = 1,
): Promise<void> {
  const sandbox = await open(rig, runId, attempt);
  try {
    await body(sandbox);
  } finally {
    assert.deepEqual(await sandbox.close(), []);
  }
}

function open(rig: StepEngineRig, runId: string, attempt: number): Promise<RunSandbox> {
  const { sourceDirectory } = rig;
  return rig.engine.open(
    { plan: planOf(runId), attempt, sourceDirectory, fetchContext: noContexts, ...nothingHidden, credentials: [] },
    never,
  );
}

function resultContract(check: Check): void {
  check('it says what it is', async ({ engine }) => {
    const info = await engine.describe();
    assert.match(info.platform, /^\w+\/\w+$/);
    assert.notEqual(info.name, '');
    assert.notEqual(info.version, '');
  });

  check('exit code 0 succeeds, and all output has arrived by then', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const output = recordOutput();
      const step = rig.step('a', { kind: 'exits', code: 0, stdout: 'out\n', stderr: 'err\n' });
      assert.deepEqual(await sandbox.run(step, output, never), { kind: 'succeeded', exitCode: 0, images: [] });
      assert.equal(output.text('stdout'), 'out\n');
      assert.equal(output.text('stderr'), 'err\n');
    }),
  );

  check('what a step pushes is told, and is in its result', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const output = recordOutput();
      const result = await sandbox.run(await rig.pushStep('p'), output, never);
      assert.ok(result.kind === 'succeeded', JSON.stringify(result));
      assert.equal(output.images.length, 1);
      assert.deepEqual(result.images, output.images);
    }),
  );

  check('any other exit code fails', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const result = await sandbox.run(rig.step('a', { kind: 'exits', code: 3 }), recordOutput(), never);
      assert.ok(result.kind === 'failed');
      assert.equal(result.reason, 'exit-code');
      assert.equal(result.exitCode, 3);
      assert.match(result.message, /"a".*3/);
    }),
  );
}

function abortContract(check: Check): void {
  check('an aborted step rejects with the reason, after its container is gone', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const stop = new AbortController();
      const output = recordOutput();
      const running = sandbox.run(rig.step('slow', { kind: 'waits' }), output, stop.signal);
      await rig.hasStarted('slow', output);
      assert.ok((await rig.objectsOf(runId)).some((name) => name.endsWith('-slow')));
      const reason = new Error('enough');
      stop.abort(reason);
      await assert.rejects(running, (error) => error === reason);
      assert.ok(!(await rig.objectsOf(runId)).some((name) => name.endsWith('-slow')));
    }),
  );

  check('a signal that is aborted already starts nothing', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const reason = new Error('too late');
      const output = recordOutput();
      const step = rig.step('a', { kind: 'exits', code: 0, stdout: 'out' });
      await assert.rejects(sandbox.run(step, output, AbortSignal.abort(reason)), (error) => error === reason);
      assert.equal(output.text('stdout'), '');
    }),
  );
}

function lifeContract(check: Check): void {
  check('a step runs again after it ended, failed or was aborted', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const failed = await sandbox.run(rig.step('a', { kind: 'exits', code: 1 }), recordOutput(), never);
      assert.equal(failed.kind, 'failed');
      const stop = new AbortController();
      const output = recordOutput();
      const aborted = sandbox.run(rig.step('a', { kind: 'waits' }), output, stop.signal);
      await rig.hasStarted('a', output);
      stop.abort(new Error('enough'));
      await assert.rejects(aborted);
      const done = await sandbox.run(rig.step('a', { kind: 'exits', code: 0 }), recordOutput(), never);
      assert.equal(done.kind, 'succeeded');
    }),
  );

  check('a kept container does not hinder the next execution of its step', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const step = rig.step('a', { kind: 'exits', code: 0 }, { keep: true });
      assert.equal((await sandbox.run(step, recordOutput(), never)).kind, 'succeeded');
      assert.equal((await sandbox.run(step, recordOutput(), never)).kind, 'succeeded');
    }),
  );

  check('steps run side by side', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const stop = new AbortController();
      const output = recordOutput();
      const slow = sandbox.run(rig.step('slow', { kind: 'waits' }), output, stop.signal);
      await rig.hasStarted('slow', output);
      const quick = await sandbox.run(rig.step('quick', { kind: 'exits', code: 0 }), recordOutput(), never);
      assert.equal(quick.kind, 'succeeded');
      stop.abort(new Error('enough'));
      await assert.rejects(slow, /enough/);
    }),
  );

  check('two runs with the same step ids do not meet', (rig, runId) =>
    withSandbox(rig, runId, async (one) => {
      const other = rig.newRunId();
      await withSandbox(rig, other, async (two) => {
        const step = rig.step('a', { kind: 'exits', code: 0 });
        const results = await Promise.all([one, two].map((sandbox) => sandbox.run(step, recordOutput(), never)));
        assert.deepEqual(
          results.map(({ kind }) => kind),
          ['succeeded', 'succeeded'],
        );
      });
      assert.deepEqual(await rig.objectsOf(other), []);
    }),
  );
}

function cleanUpContract(check: Check): void {
  check('a detached step is done when it runs, and ends with the sandbox', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const step = rig.step('server', { kind: 'waits' }, { detach: true });
      assert.equal((await sandbox.run(step, recordOutput(), never)).kind, 'succeeded');
      assert.ok((await rig.objectsOf(runId)).some((name) => name.endsWith('-server')));
    }),
  );

  check('a sandbox that is settled says nothing more, and still has to be closed', (rig, runId) =>
    withSandbox(rig, runId, async (sandbox) => {
      const output = recordOutput();
      const step = rig.step('server', { kind: 'waits' }, { detach: true });
      const result = await sandbox.run(step, output, never);
      assert.equal(result.kind, 'succeeded');
      await sandbox.settle();
      const said = [output.text('stdout'), ...output.notes];
      assert.equal(
        (await rig.objectsOf(runId)).some((name) => name.endsWith('-server')),
        false,
      );
      await assert.rejects(sandbox.run(rig.step('late', { kind: 'exits', code: 0 }), output, never), /closed/);
      assert.deepEqual([output.text('stdout'), ...output.notes], said);
    }),
  );

  check('layers on their way go on after a run that was settled', async (rig, runId) => {
    const { step, begun, arrive } = await rig.keepingStep('b');
    await withSandbox(rig, runId, async (sandbox) => {
      assert.equal((await sandbox.run(step, recordOutput(), never)).kind, 'succeeded');
      await begun();
      await sandbox.settle();
    });
    assert.equal(await arrive(), true);
  });

  check('layers on their way are broken off when a run is closed that was not settled', async (rig, runId) => {
    const { step, begun, arrive } = await rig.keepingStep('b');
    await withSandbox(rig, runId, async (sandbox) => {
      assert.equal((await sandbox.run(step, recordOutput(), never)).kind, 'succeeded');
      await begun();
    });
    assert.equal(await arrive(), false);
  });

  check('closing ends steps that still run', async (rig, runId) => {
    const sandbox = await open(rig, runId, 1);
    const output = recordOutput();
    const running = sandbox.run(rig.step('slow', { kind: 'waits' }), output, never);
    const rejected = assert.rejects(running, /closed/);
    await rig.hasStarted('slow', output);
    assert.deepEqual(await sandbox.close(), []);
    await rejected;
  });

  check('opening the next attempt removes what the one before has left', async (rig, runId) => {
    const lost = await open(rig, runId, 1);
    await lost.run(rig.step('server', { kind: 'waits' }, { detach: true }), recordOutput(), never);
    await withSandbox(
      rig,
      runId,
      async () => assert.deepEqual(await rig.objectsOf(runId), [], 'attempt 1 has nothing any more'),
      2,
    );
    assert.deepEqual(await lost.close(), [], 'closing does not mind that its parts are gone');
  });

  check('a sweep removes what belongs to the dead, and nothing else', async (rig, runId) => {
    const dead = rig.newRunId();
    const lost = await open(rig, dead, 4);
    await lost.run(rig.step('server', { kind: 'waits' }, { detach: true }), recordOutput(), never);
    await withSandbox(rig, runId, async (sandbox) => {
      await sandbox.run(rig.step('server', { kind: 'waits' }, { detach: true }), recordOutput(), never);
      const asked: string[] = [];
      const swept = await rig.engine.sweep(async (id, attempt) => {
        if (id === dead) asked.push(`${id} ${attempt}`);
        return id !== dead;
      });
      assert.deepEqual(swept, [dead]);
      assert.deepEqual(asked, [`${dead} 4`]);
      assert.deepEqual(await rig.objectsOf(dead), []);
      assert.ok((await rig.objectsOf(runId)).length > 0);
    });
    assert.deepEqual(await lost.close(), []);
  });
}
