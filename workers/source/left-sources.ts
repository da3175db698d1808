import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** The end of the name of a source that nobody needs any more: its files are being deleted. */
const REMOVED = '-removed';

/** The name of the folder for the source of one attempt. */
export function sourceFolder(runId: string, attempt: number): string {
  return `${runId}-${attempt}`;
}

/** The name that such a folder has while its files are deleted. */
export function removedName(folder: string): string {
  return `${folder}${REMOVED}`;
}

/** Whether an error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Removes the sources in `directory` that belong to attempts for which `isAlive` says false, or whose deletion has begun
 * and that this process is not deleting (`isRemoving`): their worker died before it could. Answers the ids of their runs.
 */
export async function removeLeftSources(
  directory: string,
  isAlive: (runId: string, attempt: number) => Promise<boolean>,
  isRemoving: (name: string) => boolean,
): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const removed: string[] = [];
  for (const name of names) {
    const [, runId = '', attempt = '', end] = /^(r[0-9a-z]+)-(\d+)(-removed)?$/.exec(name) ?? [];
    if (runId === '' || isRemoving(name)) continue;
    if (end !== REMOVED && (await isAlive(runId, Number(attempt)))) continue;
    await rm(path.join(directory, name), { recursive: true, force: true });
    removed.push(runId);
  }
  return removed;
}
