import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import { type Run, RunId } from '../../task-schemas/index.ts';
import type { RunStore } from '../ports/run-store.ts';
import { problems } from './errors.ts';

/** The path parameter of routes about one run, as documented; `checkedRunId` is what checks it. */
export const RunParams = Type.Object({ runId: RunId });
export type RunParams = Static<typeof RunParams>;

/** The id itself when it is well-formed; throws `runIdInvalid`. */
export function checkedRunId(runId: string): string {
  if (!Value.Check(RunId, runId)) throw problems.runIdInvalid(runId);
  return runId;
}

/** The record; throws `runIdInvalid` or `runUnknown`. */
export async function findRun(runStore: RunStore, runId: string): Promise<Run> {
  const run = await runStore.get(checkedRunId(runId));
  if (run === undefined) throw problems.runUnknown(runId);
  return run;
}
