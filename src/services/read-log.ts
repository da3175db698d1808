import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LogChunk } from '../../task-schemas/index.ts';
import { logArchiveKey } from '../core/run/blob-keys.ts';
import { decodeLogChunks } from '../core/run/log-archive.ts';
import { cutChunk } from '../core/run/log-lines.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { LogStore } from '../ports/log-store.ts';
import type { RunStore } from '../ports/run-store.ts';

/** What reading logs needs. */
export interface ReadLogDeps {
  readonly runStore: RunStore;
  readonly logStore: LogStore;
  readonly blobStore: BlobStore;
}

/** How many chunks are asked of the live store at once. */
const READ_AT_ONCE = 128;

/**
 * The log of a run so far, from line `after` + 1, wherever it lies. When it moves from the live store to its archive
 * while it is read, the rest comes from there: no line is lost or doubled. Nothing, when it was deleted.
 */
export async function* readLog(
  deps: ReadLogDeps,
  runId: string,
  after: number,
): AsyncGenerator<LogChunk, void, undefined> {
  let last = after;
  for (;;) {
    const chunks = await deps.logStore.read(runId, last, READ_AT_ONCE);
    for (const chunk of chunks) {
      yield chunk;
      last = chunk.last;
    }
    if (chunks.length === 0) break;
  }
  // Asked after the live store: it is emptied only after the record says that the archive is there.
  const run = await deps.runStore.get(runId);
  if (run?.logArchived === true && run.logDeletedAt === undefined) yield* readArchive(deps.blobStore, runId, last);
}

async function* readArchive(
  blobStore: BlobStore,
  runId: string,
  after: number,
): AsyncGenerator<LogChunk, void, undefined> {
  const blob = await blobStore.get(logArchiveKey(runId));
  if (blob === undefined) throw new Error(`The log of run ${runId} was archived, but its archive is gone.`);
  try {
    for await (const chunk of decodeLogChunks(pipeline(blob, createGunzip(), () => {}))) {
      const rest = cutChunk(chunk, after);
      if (rest !== undefined) yield rest;
    }
  } finally {
    blob.destroy();
  }
}
