import { type Static, Type } from 'typebox';
import { BuildReport } from './build-report.ts';
import { Diagnostic } from './diagnostic.ts';
import { RunId, Timestamp } from './ids.ts';
import { RunRequest } from './run-request.ts';
import { TimerName } from './timer.ts';

/** The words ACR uses for where a run is in its life. */
export const RunStatus = Type.Union([
  Type.Literal('Queued'),
  Type.Literal('Started'),
  Type.Literal('Running'),
  Type.Literal('Succeeded'),
  Type.Literal('Failed'),
  Type.Literal('Canceled'),
  Type.Literal('Error'),
  Type.Literal('Timeout'),
]);
export type RunStatus = Static<typeof RunStatus>;

/** An image that a run pushed. */
export const OutputImage = Type.Object({
  registry: Type.String(),
  repository: Type.String(),
  tag: Type.Optional(Type.String()),
  digest: Type.String({ description: 'sha256:… of the manifest as the registry knows it' }),
});
export type OutputImage = Static<typeof OutputImage>;

/** Why a run did not succeed: one sentence for the person who asked for it, and what to do. */
export const RunFailure = Type.Object({
  code: Type.String({ description: 'Stable kebab-case name' }),
  message: Type.String(),
  hint: Type.Optional(Type.String()),
  step: Type.Optional(Type.String({ description: 'Id of the step that failed' })),
  diagnostics: Type.Optional(Type.Array(Diagnostic)),
});
export type RunFailure = Static<typeof RunFailure>;

/** Where one step of a run is. `stopped`: it ran when the run ended; `skipped`: the run ended before it started. */
export const StepStatus = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('running'),
  Type.Literal('succeeded'),
  Type.Literal('failed'),
  Type.Literal('stopped'),
  Type.Literal('skipped'),
]);
export type StepStatus = Static<typeof StepStatus>;

/** What the record keeps of one step. */
export const StepRecord = Type.Object({
  id: Type.String(),
  kind: Type.Union([Type.Literal('build'), Type.Literal('cmd'), Type.Literal('push')]),
  status: StepStatus,
  startedAt: Type.Optional(Timestamp),
  finishedAt: Type.Optional(Timestamp),
  exitCode: Type.Optional(Type.Integer()),
  message: Type.Optional(
    Type.String({ description: 'Why it failed, that its error was ignored, or that a detached step died' }),
  ),
  build: Type.Optional(BuildReport),
});
export type StepRecord = Static<typeof StepRecord>;

/** Who or what asked for a run. */
export const RunTrigger = Type.Union([
  Type.Object({
    kind: Type.Literal('manual'),
    by: Type.String({ description: 'Name of the token or person' }),
  }),
  Type.Object({
    kind: Type.Literal('timer'),
    timer: TimerName,
    due: Timestamp,
  }),
]);
export type RunTrigger = Static<typeof RunTrigger>;

/** The record of a run: the only source of its status. */
export const Run = Type.Object({
  id: RunId,
  status: RunStatus,
  request: RunRequest,
  trigger: RunTrigger,
  taskName: Type.Optional(Type.String()),
  taskRevision: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Of the stored task `taskName`; absent: it is no run of a stored task' }),
  ),
  cause: Type.Optional(
    Type.String({ description: 'What it runs for, when that must never run twice: no other run has the same' }),
  ),
  platform: Type.String(),
  pool: Type.String(),
  timeoutSeconds: Type.Integer({ description: 'How long all attempts together may have it' }),
  earlierMs: Type.Optional(
    Type.Integer({ minimum: 0, description: 'How long attempts before this one had it, in ms' }),
  ),
  losses: Type.Integer({ minimum: 0, description: 'How many workers vanished while they had it' }),
  attempt: Type.Integer({ minimum: 0, description: '0 until a worker takes it; also the fencing token' }),
  worker: Type.Optional(Type.String({ description: 'Name of the worker that has or had it' })),
  queuedAt: Timestamp,
  startedAt: Type.Optional(Timestamp),
  runningAt: Type.Optional(Timestamp),
  finishedAt: Type.Optional(Timestamp),
  cancelRequestedAt: Type.Optional(Timestamp),
  commit: Type.Optional(Type.String({ description: 'Id of the commit that was fetched, for sources from git' })),
  branch: Type.Optional(Type.String({ description: 'Its branch, when one was asked for or is the default' })),
  steps: Type.Array(StepRecord),
  outputImages: Type.Array(OutputImage),
  failure: Type.Optional(RunFailure),
  logArchived: Type.Boolean({ description: 'Whether the log has moved from the live store to the blob store' }),
  keepLog: Type.Optional(Type.Boolean({ description: 'The log stays when its time is over' })),
  logDeletedAt: Type.Optional(Timestamp),
});
export type Run = Static<typeof Run>;
