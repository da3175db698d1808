/** Where things lie in the blob store (src/ports/blob-store.ts). */

/** What the keys of all uploads begin with. */
export const UPLOAD_KEYS = 'uploads/';

/** The key of an uploaded source. */
export function uploadKey(uploadId: string): string {
  return `${UPLOAD_KEYS}${uploadId}`;
}

/** What the keys of all archived logs begin with. */
export const LOG_KEYS = 'logs/';

const LOG_ENDING = '.ndjson.gz';

/** The key of a run's archived log. */
export function logArchiveKey(runId: string): string {
  return `${LOG_KEYS}${runId}${LOG_ENDING}`;
}

/** The run whose archived log has this key. */
export function runOfLogArchive(key: string): string {
  return key.slice(LOG_KEYS.length, -LOG_ENDING.length);
}
