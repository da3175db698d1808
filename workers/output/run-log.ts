import { unreachable } from '../../src/core/unreachable.ts';
import type { Appended, NewLogLines } from '../../src/ports/log-store.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { LogStream } from '../../task-schemas/index.ts';
import { createLineSplitter, cutLongLines, type LineMask } from './line-splitter.ts';

/** Lines wait at most this long (ms) before they are appended. */
const FLUSH_AFTER_MS = 50;
/** Characters that wait before they are appended at once; and from how many on a writer waits. */
const BATCH_LENGTH = 256 * 1024;
const MAX_PENDING_LENGTH = 2 * 1024 * 1024;
/** Chunks that are appended at once, and characters up to which lines are joined to the chunk before them. */
const BATCH_CHUNKS = 1_000;
const CHUNK_LENGTH = 64 * 1024;
/** What a chunk costs the store beside its texts, in bytes. */
const CHUNK_OVERHEAD = 48;

/** What a run log needs. `append` is `LogStore.append` for one run and attempt. */
export interface RunLogOptions {
  append(lines: readonly NewLogLines[]): Promise<Appended>;
  now(): number;
  /** It may learn of more secrets until the first step writes. */
  readonly mask: LineMask;
  /** Called once when the store says that this attempt is no longer the current one. */
  onFenced(): void;
  /** Called once when appending fails for a fault. */
  onFault(error: unknown): void;
  /** Bytes of step output that are kept; after that only lines of the engine are. */
  limitBytes: number;
}

/** The output of one execution of a step; `end` hands on a last line without line end. */
export interface StepLog extends Pick<StepOutput, 'write' | 'note'> {
  end(): void;
}

/** The writing side of a run's log. */
export interface RunLog {
  /** A line of the engine, about the run or about one step. */
  note(text: string, step?: string): void;
  /** Where a step writes to. */
  step(id: string): StepLog;
  /** Resolves when everything written before has been appended (or can no longer be). */
  flush(): Promise<void>;
  /** Ends the steps that are still open (detached ones), then flushes. */
  end(): Promise<void>;
}

/**
 * split lines → mask secrets → append in batches, in the order of writing. Never rejects: a fenced or failed store is
 * told once through the callbacks, and everything written afterwards is dropped because nobody may write it.
 */
export function createRunLog(options: RunLogOptions): RunLog {
  const waiting: { at: number; step?: string; stream: LogStream; text: string }[] = [];
  let waitingLength = 0;
  let keptBytes = 0;
  const open = new Set<StepLog>();
  let limitNoted = false;
  let stopped = false;
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function add(stream: LogStream, block: string, id: string | undefined): void {
    if (stopped) return;
    const text = cutLongLines(options.mask.hide(block));
    const step = id === undefined ? undefined : options.mask.hide(id);
    const last = waiting.at(-1);
    const joined = last?.stream === stream && last.step === step && last.text.length < CHUNK_LENGTH ? last : undefined;
    // A step that writes line by line must not use its limit up with chunks that never come to be.
    const around = joined === undefined ? (step?.length ?? 0) + CHUNK_OVERHEAD : 1;
    if (stream !== 'engine' && !keep(Buffer.byteLength(text) + around)) return;
    if (joined !== undefined) joined.text += `\n${text}`;
    else waiting.push({ at: options.now(), stream, text, ...(step === undefined ? {} : { step }) });
    waitingLength += text.length + 1;
    if (waitingLength >= BATCH_LENGTH) void send();
    else timer ??= setTimeout(() => void send(), FLUSH_AFTER_MS);
  }

  function keep(bytes: number): boolean {
    keptBytes += bytes;
    if (keptBytes <= options.limitBytes) return true;
    noteLimit();
    return false;
  }

  function noteLimit(): void {
    keptBytes = Number.POSITIVE_INFINITY;
    if (limitNoted) return;
    limitNoted = true;
    add('engine', limitNotice(options.limitBytes), undefined);
  }

  function send(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= sendAll().finally(() => {
      sending = undefined;
    });
    return sending;
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0 && !stopped) {
      const batch = waiting.splice(0, BATCH_CHUNKS);
      waitingLength = waiting.reduce((sum, chunk) => sum + chunk.text.length + 1, 0);
      try {
        settle(await options.append(batch), batch);
      } catch (error) {
        stopped = true;
        options.onFault(error);
      }
    }
  }

  function settle(appended: Appended, batch: readonly NewLogLines[]): void {
    switch (appended.kind) {
      case 'appended':
        return;
      case 'fenced':
        stopped = true;
        options.onFenced();
        return;
      case 'full':
        settleFull(batch);
        return;
      default:
        unreachable(appended);
    }
  }

  /** The store keeps a reserve for lines of the engine: they go on, with the notice among them; the steps' do not. */
  function settleFull(batch: readonly NewLogLines[]): void {
    const ours = batch.filter((chunk) => chunk.stream === 'engine');
    if (ours.length === batch.length) {
      stopped = true;
      return;
    }
    waiting.unshift(...ours);
    noteLimit();
  }

  async function flush(): Promise<void> {
    do await send();
    while (waiting.length > 0 && !stopped);
  }

  function openStep(id: string): StepLog {
    const pressure = () => (waitingLength > MAX_PENDING_LENGTH ? send() : undefined);
    const step = createStepLog(id, options.mask, add, pressure, () => open.delete(step));
    open.add(step);
    return step;
  }

  return {
    note: (text, step) => add('engine', text, step),
    step: openStep,
    flush,
    async end() {
      for (const step of open) step.end();
      await flush();
    },
  };
}

function createStepLog(
  id: string,
  mask: LineMask,
  add: (stream: LogStream, block: string, step: string) => void,
  pressure: () => Promise<void> | undefined,
  onEnd: () => void,
): StepLog {
  const splitters = { stdout: createLineSplitter(mask), stderr: createLineSplitter(mask) };
  return {
    write(stream, chunk) {
      const block = splitters[stream].push(chunk);
      if (block !== undefined) add(stream, block, id);
      return pressure();
    },
    note: (line) => add('engine', line, id),
    end() {
      for (const stream of ['stdout', 'stderr'] as const) {
        const rest = splitters[stream].end();
        if (rest !== undefined) add(stream, rest, id);
      }
      onEnd();
    },
  };
}

function limitNotice(limitBytes: number): string {
  const mebibytes = Math.round(limitBytes / 1_048_576);
  return `The output of this run has passed ${mebibytes} MiB; what its steps print from here on is not kept. Print less, or raise SLIPWAY_LOG_LIMIT_BYTES on the worker.`;
}
