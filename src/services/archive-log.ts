import { Readable } from 'node:stream';
import { encodeLogChunk, logArchiveKey } from '../core/run/log-archive.ts';
import { type ReadLogDeps, readLog } from './read-log.ts';

/** What archiving needs. */
export interface ArchiveLogDeps extends ReadLogDeps {
  now(): number;
}

/**
 * Moves the log of a run that has ended and that no worker has (it was canceled while it waited) into the blob store:
 * archive first, then the record, then the live store, so that a reader finds every line at any moment. False, and
 * the log stays where it is, when the blob store has no space.
 */
export async function archiveLog(deps: ArchiveLogDeps, runId: string): Promise<boolean> {
  const put = await deps.blobStore.put(logArchiveKey(runId), Readable.from(encoded(deps, runId)), {});
  if (put.kind !== 'stored') return false;
  await deps.runStore.apply(runId, { kind: 'log-archived', at: deps.now() });
  await deps.logStore.drop(runId);
  return true;
}

async function* encoded(deps: ReadLogDeps, runId: string): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of readLog(deps, runId, 0)) yield Buffer.from(encodeLogChunk(chunk));
}
