import type { LogChunk, Run } from '../../task-schemas/index.ts';
import type { FollowEvent } from './follow.ts';
import type { SseMessage } from './sse.ts';

/**
 * The event in a message of a run's stream; undefined for one that brings nothing new (lines up to `last`, which were
 * delivered before, and events of a later version of the API).
 */
export function eventOf(message: SseMessage, last: number): FollowEvent | undefined {
  switch (message.event) {
    case 'log': {
      const chunk = newLines(parse<LogChunk>(message.data), last);
      return chunk === undefined ? undefined : { kind: 'log', chunk };
    }
    case 'run':
    case 'end':
      return { kind: 'run', run: parse<Run>(message.data) };
    default:
      return undefined;
  }
}

function newLines(chunk: LogChunk, last: number): LogChunk | undefined {
  if (chunk.last <= last) return undefined;
  if (chunk.first > last) return chunk;
  return {
    ...chunk,
    first: last + 1,
    text: chunk.text
      .split('\n')
      .slice(last + 1 - chunk.first)
      .join('\n'),
  };
}

/** The stream came from a Slipway server (its media type was checked), whose tests hold the shapes of its events. */
function parse<T>(data: string): T {
  return JSON.parse(data);
}
