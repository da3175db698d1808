import { isFinal, isLogDue, transition } from '../../../src/core/run/transition.ts';
import type { Applied, RunSelection, RunStore } from '../../../src/ports/run-store.ts';
import type { OutputImage, Run, RunEvent, RunPage } from '../../../task-schemas/index.ts';
import { createBells } from './bells.ts';

/** A run store in memory; tests may also look at a record at once. */
export interface MemoryRunStore extends RunStore {
  /** The record now. */
  peek(runId: string): Run | undefined;
}

/** A run store in memory. Records are frozen copies, so a test that changes what it got changes nothing here. */
export function createMemoryRunStore(): MemoryRunStore {
  const runs = new Map<string, Run>();
  const secrets = new Map<string, string>();
  const bells = createBells();
  const closing = new AbortController();

  function keep(run: Run): Run {
    const copy = deepFreeze(structuredClone(run));
    runs.set(run.id, copy);
    if (isFinal(run.status)) secrets.delete(run.id);
    bells.ring(run.id);
    return copy;
  }

  function apply(runId: string, event: RunEvent, attempt: number | undefined): Applied {
    const run = runs.get(runId);
    if (run === undefined) return { kind: 'unknown' };
    if (attempt !== undefined && attempt !== run.attempt) return { kind: 'fenced', run };
    const next = transition(run, event);
    if (next.kind === 'refused') return { kind: 'refused', run, reason: next.reason };
    return { kind: 'applied', run: keep(next.run) };
  }

  return {
    peek: (runId) => runs.get(runId),
    async insert(run, sealed) {
      if (runs.has(run.id)) return false;
      if (sealed !== undefined) secrets.set(run.id, sealed);
      keep(run);
      return true;
    },
    get: async (runId) => runs.get(runId),
    secretsOf: async (runId) => secrets.get(runId),
    apply: async (runId, event, attempt) => apply(runId, event, attempt),
    list: async (query) => page([...runs.values()], query),
    async *watch(runId, signal) {
      let seen: Run | undefined;
      for await (const _ of bells.heard(runId, AbortSignal.any([signal, closing.signal]))) {
        const run = runs.get(runId);
        if (run === undefined) return;
        if (run !== seen) yield run;
        seen = run;
      }
    },
    ping: async () => {},
    close: async () => closing.abort(),
  };
}

function page(runs: readonly Run[], query: RunSelection): RunPage | 'bad-cursor' {
  if (query.cursor !== undefined && !/^[0-9]{16}r.{7}$/.test(query.cursor)) return 'bad-cursor';
  const limit = query.limit ?? 50;
  const found = runs
    .filter((run) => matches(run, query) && (query.cursor === undefined || place(run) < query.cursor))
    .sort((a, b) => (place(a) < place(b) ? 1 : -1));
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return found.length > limit && last !== undefined ? { runs: shown, nextCursor: place(last) } : { runs: shown };
}

/** A text that sorts as the list does. */
function place(run: Run): string {
  return String(run.queuedAt).padStart(16, '0') + run.id;
}

function matches(run: Run, { status, task, image, logDue, since, until }: RunSelection): boolean {
  if (status !== undefined && !status.includes(run.status)) return false;
  if (task !== undefined && run.taskName !== task) return false;
  if (image !== undefined && !run.outputImages.some((output) => isNamed(output, image))) return false;
  if (logDue !== undefined && !isLogDue(run)) return false;
  return run.queuedAt >= (since ?? 0) && run.queuedAt <= (until ?? Number.POSITIVE_INFINITY);
}

function isNamed({ registry, repository, tag }: OutputImage, name: string): boolean {
  return [repository, `${repository}:${tag}`].some((form) => form === name || `${registry}/${form}` === name);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
