import type {
  EngineInfo,
  RunSandbox,
  SandboxRequest,
  StepEngine,
  StepOutput,
  StepResult,
} from '../../../src/ports/step-engine.ts';
import type { PlannedStep } from '../../../task-schemas/index.ts';

/** One execution of a step that the test holds in its hand: it runs until the test ends it or it is aborted. */
export interface FakeExecution {
  readonly runId: string;
  readonly attempt: number;
  readonly step: PlannedStep;
  readonly output: StepOutput;
  readonly signal: AbortSignal;
  exit(code: number): void;
  end(result: StepResult): void;
  fault(error: Error): void;
}

/** What a scripted execution does: prints, then ends; `waits` leaves its end to the test. */
export type FakeScript =
  | { readonly kind: 'exits'; readonly code: number; readonly stdout?: string; readonly stderr?: string }
  | { readonly kind: 'ends'; readonly result: StepResult }
  | { readonly kind: 'waits' };

/** A StepEngine that runs nothing: the test says what becomes of each step. */
export interface FakeStepEngine extends StepEngine {
  /** Scripts for the executions of a step, one after the other; the last one holds for all further ones. */
  script(step: string, ...scripts: readonly FakeScript[]): FakeStepEngine;
  /** The next execution of a step that `waits`, also one that has started already. */
  started(step: string): Promise<FakeExecution>;
  /** All requests that `open` got. */
  readonly opened: readonly SandboxRequest[];
  /** The images of layers that are on their way for a run: those of builds that keep them never arrive. */
  onTheirWay(runId: string): readonly string[];
  /** What the attempts of a run still have on the engine. */
  objectsOf(runId: string): readonly string[];
}

interface Attempt {
  readonly runId: string;
  readonly attempt: number;
  readonly containers: Set<string>;
  isSettled: boolean;
  /** Outlives the attempt when that was settled. */
  readonly layers: Set<string>;
  /** Made for the first step; it stays until the sandbox is closed. */
  hasNetwork: boolean;
  readonly closing: AbortController;
}

/** A fresh fake; steps without a script are `unscripted`, which succeed at once unless given. */
export function createFakeStepEngine(unscripted: FakeScript = { kind: 'exits', code: 0 }): FakeStepEngine {
  const scripts = new Map<string, FakeScript[]>();
  const ready: FakeExecution[] = [];
  const wanted: { readonly step: string; readonly take: (execution: FakeExecution) => void }[] = [];
  const opened: SandboxRequest[] = [];
  const attempts = new Set<Attempt>();
  const layersOf = new Map<string, Set<string>>();

  function nextScript(step: string): FakeScript {
    const left = scripts.get(step) ?? [];
    return (left.length > 1 ? left.shift() : left[0]) ?? unscripted;
  }

  function hand(execution: FakeExecution): void {
    const waiting = wanted.findIndex(({ step }) => step === execution.step.id);
    if (waiting < 0) ready.push(execution);
    else wanted.splice(waiting, 1)[0]?.take(execution);
  }

  function remove(those: readonly Attempt[]): readonly string[] {
    for (const one of those) attempts.delete(one);
    return [...new Set(those.map(({ runId }) => runId))];
  }

  return {
    script(step, ...list) {
      scripts.set(step, [...list]);
      return this;
    },
    started: (step) =>
      new Promise((resolve) => {
        const at = ready.findIndex((execution) => execution.step.id === step);
        const execution = at < 0 ? undefined : ready.splice(at, 1)[0];
        if (execution === undefined) wanted.push({ step, take: resolve });
        else resolve(execution);
      }),
    opened,
    onTheirWay: (runId) => [...(layersOf.get(runId) ?? [])],
    objectsOf: (runId) =>
      [...attempts]
        .filter((one) => one.runId === runId)
        .flatMap((one) => [
          ...[...one.containers].map((step) => `container slipway-${runId}-${one.attempt}-${step}`),
          ...(one.hasNetwork ? [`network slipway-${runId}-${one.attempt}`] : []),
        ]),
    async describe(signal): Promise<EngineInfo> {
      signal?.throwIfAborted();
      return { name: 'Fake Engine', version: '0', platform: 'linux/amd64' };
    },
    async open(request, signal) {
      signal.throwIfAborted();
      opened.push(request);
      const { runId } = request.plan;
      remove([...attempts].filter((one) => one.runId === runId && one.attempt <= request.attempt));
      const mine: Attempt = {
        runId,
        attempt: request.attempt,
        containers: new Set(),
        isSettled: false,
        layers: new Set(),
        hasNetwork: false,
        closing: new AbortController(),
      };
      attempts.add(mine);
      layersOf.set(runId, mine.layers);
      return createFakeSandbox(mine, nextScript, hand, () => remove([mine]));
    },
    async sweep(isAlive) {
      const dead: Attempt[] = [];
      for (const one of attempts) {
        if (one.hasNetwork && !(await isAlive(one.runId, one.attempt))) dead.push(one);
      }
      return remove(dead);
    },
    async close() {},
  };
}

function createFakeSandbox(
  mine: Attempt,
  nextScript: (step: string) => FakeScript,
  hand: (execution: FakeExecution) => void,
  forget: () => void,
): RunSandbox {
  return {
    async run(step, output, signal) {
      const either = AbortSignal.any([signal, mine.closing.signal]);
      either.throwIfAborted();
      mine.containers.add(step.id);
      mine.hasNetwork = true;
      const outlives = step.kind === 'cmd' && step.detach;
      const script = nextScript(step.id);
      if (outlives) return { kind: 'succeeded', images: [] };
      try {
        const result = await perform(script, step, output, either, (ends) =>
          hand({ ...mine, step, output, signal, ...ends }),
        );
        for (const image of result.images ?? []) output.pushed(image);
        const keeps = step.kind === 'build' && step.cache?.kind === 'kept' ? step.cache.image : undefined;
        if (keeps !== undefined && result.kind === 'succeeded') mine.layers.add(keeps);
        return result;
      } finally {
        mine.containers.delete(step.id);
      }
    },
    async settle() {
      mine.isSettled = true;
      mine.closing.abort(new Error('The sandbox of the run was closed.'));
      mine.containers.clear();
    },
    async close() {
      if (!mine.isSettled) mine.layers.clear();
      await this.settle();
      forget();
      return [];
    },
  };
}

async function perform(
  script: FakeScript,
  step: PlannedStep,
  output: StepOutput,
  signal: AbortSignal,
  hand: (ends: Pick<FakeExecution, 'exit' | 'end' | 'fault'>) => void,
): Promise<StepResult> {
  switch (script.kind) {
    case 'ends':
      return script.result;
    case 'exits':
      if (script.stdout !== undefined) await output.write('stdout', Buffer.from(script.stdout));
      if (script.stderr !== undefined) await output.write('stderr', Buffer.from(script.stderr));
      return exitResult(step, script.code);
    case 'waits':
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        hand({ exit: (code) => resolve(exitResult(step, code)), end: resolve, fault: reject });
      });
  }
}

function exitResult(step: PlannedStep, exitCode: number): StepResult {
  if (exitCode === 0) return { kind: 'succeeded', exitCode, images: [] };
  return { kind: 'failed', reason: 'exit-code', exitCode, message: `Step "${step.id}" exited with code ${exitCode}.` };
}
