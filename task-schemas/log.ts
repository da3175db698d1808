import { type Static, Type } from 'typebox';
import { Timestamp } from './ids.ts';

/** `engine`: a line of Slipway itself; the others are what a container or build printed. */
export const LogStream = Type.Union([Type.Literal('engine'), Type.Literal('stdout'), Type.Literal('stderr')]);
export type LogStream = Static<typeof LogStream>;

/**
 * Consecutive lines of one run that came from one step and stream. Lines of a run are numbered from 1 without gaps,
 * over all attempts; `last` is the resume point (`Last-Event-ID`).
 */
export const LogChunk = Type.Object({
  first: Type.Integer({ minimum: 1 }),
  last: Type.Integer({ minimum: 1 }),
  at: Timestamp,
  attempt: Type.Integer({ minimum: 0 }),
  step: Type.Optional(Type.String({ description: 'Id of the step; absent for lines about the run' })),
  stream: LogStream,
  text: Type.String({ description: 'The lines joined with \\n, without a final one' }),
});
export type LogChunk = Static<typeof LogChunk>;
