import { UPLOAD_KEYS, uploadKey } from '../core/run/blob-keys.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import { activeRuns } from './active-runs.ts';

/** How long an upload is kept at least, in ms. */
export const UPLOAD_LIFE_MS = 24 * 60 * 60 * 1000;

/** What sweeping needs. */
export interface SweepUploadsDeps {
  readonly blobStore: BlobStore;
  readonly runStore: RunStore;
  now(): number;
}

/** Deletes uploads that are older than a day and that no waiting or running run needs; answers their keys. */
export async function sweepUploads(deps: SweepUploadsDeps): Promise<readonly string[]> {
  const old: string[] = [];
  for await (const blob of deps.blobStore.list(UPLOAD_KEYS)) {
    if (deps.now() - blob.modifiedAt > UPLOAD_LIFE_MS) old.push(blob.key);
  }
  if (old.length === 0) return [];
  const needed = await neededUploads(deps.runStore);
  const swept = old.filter((key) => !needed.has(key));
  for (const key of swept) await deps.blobStore.delete(key);
  return swept;
}

async function neededUploads(runStore: RunStore): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { request } of activeRuns(runStore)) {
    if (request.source.kind === 'upload') keys.add(uploadKey(request.source.uploadId));
  }
  return keys;
}
