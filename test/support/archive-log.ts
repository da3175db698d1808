import { type ArchiveDeps, archiveLog as archive } from '../../workers/output/archive-log.ts';

/** Archives the log of a run as a worker does, after ending it where it waits; answers whether the record says so then. */
export async function archiveLog(deps: ArchiveDeps, runId: string): Promise<boolean> {
  await deps.runStore.apply(runId, { kind: 'cancel-requested', at: 0, by: 'the test' });
  const run = await deps.runStore.get(runId);
  if (run === undefined) throw new Error(`There is no run ${runId}.`);
  await archive(run, deps);
  return (await deps.runStore.get(runId))?.logArchived === true;
}
