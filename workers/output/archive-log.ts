import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { logArchiveKey } from '../../src/core/run/blob-keys.ts';
import { encodeLogChunk } from '../../src/core/run/log-archive.ts';
import type { BlobStore } from '../../src/ports/blob-store.ts';
import type { LogStore } from '../../src/ports/log-store.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import type { Run } from '../../task-schemas/index.ts';

/** Chunks that are read from the live store at once. */
const CHUNKS_AT_ONCE = 200;

/** The stores between which a log moves. */
export interface ArchiveDeps {
  readonly runStore: RunStore;
  readonly logStore: LogStore;
  readonly blobStore: BlobStore;
  now(): number;
}

/** Somebody else has moved the log meanwhile. */
class AlreadyArchived extends Error {}

/**
 * Moves the log of a run that has ended from the live store to the blob store. Readers find it at every moment: it is
 * dropped from the live store only after the record says where it went. Does nothing when it has moved already. False,
 * and the log stays readable where it is, when the blob store has no space.
 */
export async function archiveLog(run: Run, deps: ArchiveDeps): Promise<boolean> {
  if (run.logArchived) return true;
  try {
    return await moveLog(run, deps);
  } catch (error) {
    if (error instanceof AlreadyArchived) return true;
    throw error;
  }
}

async function moveLog(run: Run, deps: ArchiveDeps): Promise<boolean> {
  const stored = await deps.blobStore.put(logArchiveKey(run.id), compressed(lines(run.id, deps)), {});
  if (stored.kind !== 'stored') return false;
  await deps.runStore.apply(run.id, { kind: 'log-archived', at: deps.now() });
  await deps.logStore.drop(run.id);
  return true;
}

/** An error of the lines is that of the stream: `put` rejects with it. */
function compressed(text: AsyncIterable<string>): Readable {
  return pipeline(Readable.from(text), createGzip(), () => {});
}

async function* lines(runId: string, deps: ArchiveDeps): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const chunks = await deps.logStore.read(runId, after, CHUNKS_AT_ONCE);
    const last = chunks.at(-1);
    if (last === undefined) break;
    yield chunks.map(encodeLogChunk).join('');
    after = last.last;
  }
  // The end may also come because another worker has archived and dropped the log while this one was reading: what
  // was read is then only a part, and must not replace the whole.
  const now = await deps.runStore.get(runId);
  if (now?.logArchived !== false) throw new AlreadyArchived();
}
