import { LOG_KEYS, runOfLogArchive } from '../core/run/blob-keys.ts';
import { unreachable } from '../core/unreachable.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Applied, RunStore } from '../ports/run-store.ts';

/** What deleting old logs needs. */
export interface ExpireLogsDeps {
  readonly blobStore: BlobStore;
  readonly runStore: RunStore;
  /** How long logs are kept after they were archived, in ms. */
  readonly logLifeMs: number;
  now(): number;
}

/**
 * Deletes the archived logs whose time is over, unless their run says that its log is to be kept; answers the ids of their
 * runs. The record says that a log is deleted before it is, so that nobody is sent to an archive that is gone.
 */
export async function expireLogs(deps: ExpireLogsDeps): Promise<readonly string[]> {
  const expired: string[] = [];
  for await (const blob of deps.blobStore.list(LOG_KEYS)) {
    if (deps.now() - blob.modifiedAt <= deps.logLifeMs) continue;
    const runId = runOfLogArchive(blob.key);
    const applied = await deps.runStore.apply(runId, { kind: 'log-deleted', at: deps.now() });
    if (!mayGo(applied)) continue;
    await deps.blobStore.delete(blob.key);
    expired.push(runId);
  }
  return expired;
}

/** A log that the record calls deleted is one whose deletion was cut off. */
function mayGo(applied: Applied): boolean {
  switch (applied.kind) {
    case 'applied':
    case 'unknown':
      return true;
    case 'refused':
      return applied.run.logDeletedAt !== undefined;
    case 'fenced':
      return false;
    default:
      return unreachable(applied);
  }
}
