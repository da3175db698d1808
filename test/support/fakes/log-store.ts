import type { LogStore, NewLogLines } from '../../../src/ports/log-store.ts';
import type { LogChunk, Run } from '../../../task-schemas/index.ts';
import { createBells } from './bells.ts';

/** What a log store in memory needs: `runs.peek` of the run store in memory tells the current attempt. */
export interface MemoryLogStoreOptions {
  readonly runs: { peek(runId: string): Run | undefined };
  /** Bytes of text per run; default: no limit. Lines of the engine may go beyond it. */
  readonly limitBytes?: number;
}

/** A log store in memory. */
export function createMemoryLogStore({ runs, limitBytes = Number.POSITIVE_INFINITY }: MemoryLogStoreOptions): LogStore {
  const logs = new Map<string, LogChunk[]>();
  const full = new Set<string>();
  const bells = createBells();
  const closing = new AbortController();

  function takes(runId: string, lines: readonly NewLogLines[]): boolean {
    if (lines.every((chunk) => chunk.stream === 'engine')) return true;
    const texts = [...(logs.get(runId) ?? []), ...lines].map((chunk) => Buffer.byteLength(chunk.text));
    if (texts.reduce((sum, bytes) => sum + bytes, 0) > limitBytes) full.add(runId);
    return !full.has(runId);
  }

  function add(runId: string, attempt: number, lines: readonly NewLogLines[]): number {
    const chunks = logs.get(runId) ?? [];
    logs.set(runId, chunks);
    for (const chunk of lines) {
      const first = (chunks.at(-1)?.last ?? 0) + 1;
      chunks.push({ ...chunk, first, last: first + chunk.text.split('\n').length - 1, attempt });
    }
    bells.ring(runId);
    return chunks.at(-1)?.last ?? 0;
  }

  function read(runId: string, after: number, limit: number): readonly LogChunk[] {
    const chunks = (logs.get(runId) ?? []).filter((chunk) => chunk.last > after).slice(0, limit);
    return chunks.map((chunk) => {
      if (chunk.first > after) return { ...chunk };
      const text = chunk.text.split('\n').slice(after + 1 - chunk.first);
      return { ...chunk, first: after + 1, text: text.join('\n') };
    });
  }

  return {
    async append(runId, attempt, lines) {
      if (runs.peek(runId)?.attempt !== attempt) return { kind: 'fenced' };
      if (!takes(runId, lines)) return { kind: 'full', limitBytes };
      return { kind: 'appended', last: add(runId, attempt, lines) };
    },
    read: async (runId, after, limit) => read(runId, after, limit),
    async *follow(runId, after, signal) {
      let last = after;
      for await (const _ of bells.heard(runId, AbortSignal.any([signal, closing.signal]))) {
        const chunks = read(runId, last, Number.POSITIVE_INFINITY);
        last = chunks.at(-1)?.last ?? last;
        if (chunks.length > 0) yield chunks;
      }
    },
    async drop(runId) {
      logs.delete(runId);
      full.delete(runId);
    },
    close: async () => closing.abort(),
  };
}
