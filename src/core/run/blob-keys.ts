/** Where things lie in the blob store (src/ports/blob-store.ts). */

/** What the keys of all uploads begin with. */
export const UPLOAD_KEYS = 'uploads/';

/** The key of an uploaded source. */
export function uploadKey(uploadId: string): string {
  return `${UPLOAD_KEYS}${uploadId}`;
}

/** The key of a run's archived log. */
export function logArchiveKey(runId: string): string {
  return `logs/${runId}.ndjson`;
}
