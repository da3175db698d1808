import { type Static, Type } from 'typebox';
import { BuildReport } from './build-report.ts';
import { Timestamp } from './ids.ts';
import { OutputImage, RunFailure, StepRecord } from './run.ts';

/**
 * How one step ended. An outcome is data; only faults are thrown. Steps that had no end of their own (stopped, skipped)
 * get theirs when the run is `finished`. */
export const StepOutcome = Type.Union([
  Type.Object({
    kind: Type.Literal('succeeded'),
    exitCode: Type.Optional(Type.Integer()),
    build: Type.Optional(BuildReport),
  }),
  Type.Object({
    kind: Type.Literal('failed'),
    reason: Type.Union([
      Type.Literal('exit-code'),
      Type.Literal('timeout'),
      Type.Literal('image-not-found'),
      Type.Literal('build-failed'),
      Type.Literal('push-failed'),
      Type.Literal('refused-by-engine'),
    ]),
    message: Type.String(),
    hint: Type.Optional(Type.String()),
    exitCode: Type.Optional(Type.Integer()),
    build: Type.Optional(BuildReport),
    ignored: Type.Boolean({ description: 'True when ignoreErrors lets the run go on' }),
  }),
]);
export type StepOutcome = Static<typeof StepOutcome>;

/** How a run ended. */
export const RunResult = Type.Union([
  Type.Object({ status: Type.Literal('Succeeded') }),
  Type.Object({
    status: Type.Union([
      Type.Literal('Failed'),
      Type.Literal('Canceled'),
      Type.Literal('Error'),
      Type.Literal('Timeout'),
    ]),
    failure: RunFailure,
  }),
]);
export type RunResult = Static<typeof RunResult>;

/** Everything that can happen to a run after it was queued. `src/core/run/transition.ts` says what each changes. */
export const RunEvent = Type.Union([
  Type.Object({ kind: Type.Literal('claimed'), at: Timestamp, worker: Type.String() }),
  Type.Object({ kind: Type.Literal('released'), at: Timestamp }),
  Type.Object({
    kind: Type.Literal('source-fetched'),
    at: Timestamp,
    commit: Type.String(),
    branch: Type.Optional(Type.String()),
  }),
  Type.Object({ kind: Type.Literal('planned'), at: Timestamp, steps: Type.Array(StepRecord) }),
  Type.Object({ kind: Type.Literal('step-started'), at: Timestamp, step: Type.String() }),
  Type.Object({ kind: Type.Literal('step-finished'), at: Timestamp, step: Type.String(), outcome: StepOutcome }),
  Type.Object({
    kind: Type.Literal('step-died'),
    at: Timestamp,
    step: Type.String(),
    exitCode: Type.Integer({ description: 'Of a detached step that ended by itself while its run went on' }),
  }),
  Type.Object({ kind: Type.Literal('image-pushed'), at: Timestamp, image: OutputImage }),
  Type.Object({ kind: Type.Literal('cancel-requested'), at: Timestamp, by: Type.String() }),
  Type.Object({ kind: Type.Literal('finished'), at: Timestamp, result: RunResult }),
  Type.Object({ kind: Type.Literal('log-archived'), at: Timestamp }),
  Type.Object({ kind: Type.Literal('keep-log'), at: Timestamp, keep: Type.Boolean() }),
  Type.Object({ kind: Type.Literal('log-deleted'), at: Timestamp }),
]);
export type RunEvent = Static<typeof RunEvent>;
