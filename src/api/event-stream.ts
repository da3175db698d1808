import { setInterval } from 'node:timers/promises';
import { unreachable } from '../core/unreachable.ts';
import type { RunNews } from '../services/follow-run.ts';
import { merge, type Source } from '../services/merge.ts';

/**
 * The text of a Server-Sent Events stream: what happens to a run, and a comment every `heartbeatMs` so that neither
 * proxies nor clients take a quiet run for a dead connection. Ends with the news or when `signal` aborts.
 */
export async function* eventStream(
  news: Source<RunNews>,
  heartbeatMs: number,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  // Sent at once: a client knows from it that it is connected, also when the run is silent.
  yield ': connected\n\n';
  const over = new AbortController();
  async function* frames(following: AbortSignal): AsyncGenerator<string, void, undefined> {
    for await (const one of news(following)) yield frameOf(one);
    over.abort();
  }
  yield* merge<string>([frames, (beating) => heartbeats(heartbeatMs, beating)], AbortSignal.any([signal, over.signal]));
}

/** One event. Only log events have an id, the number of their last line: a client resumes behind it. */
export function frameOf(news: RunNews): string {
  switch (news.kind) {
    case 'log':
      return `event: log\nid: ${news.chunk.last}\ndata: ${JSON.stringify(news.chunk)}\n\n`;
    case 'run':
    case 'end':
      return `event: ${news.kind}\ndata: ${JSON.stringify(news.run)}\n\n`;
    default:
      return unreachable(news);
  }
}

async function* heartbeats(everyMs: number, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  try {
    for await (const _ of setInterval(everyMs, undefined, { signal })) yield ': still here\n\n';
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
