import { setTimeout as sleep } from 'node:timers/promises';
import { maskError } from '../src/core/secret/mask-error.ts';
import { maskEvent } from '../src/core/secret/mask-event.ts';
import type { LogStore } from '../src/ports/log-store.ts';
import type { OperatorLog } from '../src/ports/operator-log.ts';
import type { RunStore } from '../src/ports/run-store.ts';
import type { RunSandbox } from '../src/ports/step-engine.ts';
import type { Run, RunEvent } from '../task-schemas/index.ts';
import type { SecretMask } from './output/mask.ts';
import { createRunLog, type RunLog } from './output/run-log.ts';
import { RunStopped, type StopReason } from './stop.ts';

/** One attempt at a run, as the code that carries it out sees it. */
export interface Attempt {
  readonly run: Run;
  /** Aborts with a `RunStopped` when the attempt must end early. */
  readonly signal: AbortSignal;
  readonly log: RunLog;
  /** From now on these are hidden in the log and in the record. */
  learn(secrets: readonly string[]): void;
  /** The text as the log and the record have it: with these hidden. */
  hide(text: string): string;
  /** Characters of the longest text that is hidden. */
  longestSecret(): number;
  /** Does something with the stores, again and again while they are away. Gives up only when the worker has to go. */
  persist<T>(work: () => Promise<T>): Promise<T>;
  /** Records what happened. Rejects with `RunStopped` when this attempt is no longer the current one. */
  report(event: RunEvent): Promise<void>;
  /**
   * Has the sandbox of a plan that was executed to its end closed after the end of the run is recorded: nobody waits
   * for that. Absent: it is closed before.
   */
  closeAfterwards?(sandbox: Pick<RunSandbox, 'close'>): void;
  /** Tells the people who run this worker, not the user, what broke: all of it but the secrets. */
  tellFault(error: unknown): void;
}

/** What an attempt needs. */
export interface AttemptDeps {
  readonly runStore: RunStore;
  readonly logStore: LogStore;
  readonly operatorLog: OperatorLog;
  readonly secrets: readonly string[];
  readonly logLimitBytes: number;
  now(): number;
  createMask(secrets: readonly string[]): SecretMask;
}

/**
 * Begins an attempt that was claimed. It stops by itself when the time of the run is up (at once when the attempts
 * before have used that up), when the record says that somebody asked
 * to cancel, when another attempt was claimed (it was taken for dead), and when `shutdown` aborts. While the stores are
 * away it waits for them.
 * `close` ends the watching and closes sandboxes; it writes nothing to the stores.
 */
export function startAttempt(run: Run, deps: AttemptDeps, shutdown: AbortSignal): Attempt & { close(): Promise<void> } {
  const stopping = new AbortController();
  const stop = (reason: StopReason) => stopping.abort(new RunStopped(reason));
  const failed = (error: unknown) => stop({ kind: 'fault', error });
  const giveBack = () => stop({ kind: 'shutdown' });
  if (shutdown.aborted) giveBack();
  shutdown.addEventListener('abort', giveBack, { once: true });
  const { timeoutSeconds: seconds, earlierMs = 0 } = run;
  const leftMs = seconds * 1000 - earlierMs;
  const timeUp = () => stop({ kind: 'timeout', seconds, earlierMs });
  if (leftMs <= 0) timeUp();
  const timer = setTimeout(timeUp, leftMs);

  const watching = new AbortController();
  const persist = <T>(work: () => Promise<T>) => untilItWorks(work, shutdown);
  const watched = persist(() => watchRecord(run, deps.runStore, stop, watching.signal)).catch(failed);
  const mask = deps.createMask(deps.secrets);
  const log = createRunLog({
    append: (lines) => persist(() => deps.logStore.append(run.id, run.attempt, lines)),
    now: deps.now,
    mask,
    limitBytes: deps.logLimitBytes,
    onFenced: () => stop({ kind: 'fenced' }),
    onFault: failed,
  });

  const sandboxes: Pick<RunSandbox, 'close'>[] = [];
  return {
    run,
    signal: stopping.signal,
    log,
    closeAfterwards: (sandbox) => void sandboxes.push(sandbox),
    learn: mask.learn,
    hide: mask.hide,
    persist,
    longestSecret: mask.longest,
    async report(event) {
      const applied = await persist(() => deps.runStore.apply(run.id, maskEvent(event, mask.hide), run.attempt));
      if (applied.kind === 'applied') return;
      stop({ kind: 'fenced' });
      throw new RunStopped({ kind: 'fenced' });
    },
    tellFault(error) {
      const err = maskError(error, mask.hide);
      deps.operatorLog.error({ err, runId: run.id, attempt: run.attempt }, 'a fault has ended an attempt');
    },
    async close() {
      clearTimeout(timer);
      shutdown.removeEventListener('abort', giveBack);
      watching.abort();
      await watched;
      const left = await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
      if (left.flat().length === 0) return;
      deps.operatorLog.warn(
        { runId: run.id, attempt: run.attempt, left: left.flat() },
        'not all that a run had on the engine could be removed: it is tried again later',
      );
    },
  };
}

/** Pauses between tries while the stores are away, in ms; the last one holds for all further ones. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 5_000];

/**
 * Tries until it works: a store that is away for a while must not end a run. Gives up, with the last error, only when
 * the worker has to go. Whoever waits for this holds his steps' output back meanwhile.
 */
async function untilItWorks<T>(work: () => Promise<T>, shutdown: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (shutdown.aborted) throw error;
      await sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)], undefined, { signal: shutdown }).catch(() => {});
    }
  }
}

async function watchRecord(
  run: Run,
  runStore: RunStore,
  stop: (reason: StopReason) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const now of runStore.watch(run.id, signal)) {
    if (now.attempt !== run.attempt) return stop({ kind: 'fenced' });
    if (now.cancelRequestedAt !== undefined) return stop({ kind: 'canceled' });
  }
}
