import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** The name of the folder for the source of one attempt. */
export function sourceFolder(runId: string, attempt: number): string {
  return `${runId}-${attempt}`;
}

/**
 * Removes the sources in `directory` that belong to attempts for which `isAlive` says false: their worker died before it
 * could. Answers the ids of their runs.
 */
export async function removeLeftSources(
  directory: string,
  isAlive: (runId: string, attempt: number) => Promise<boolean>,
): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const removed: string[] = [];
  for (const name of names) {
    const [, runId = '', attempt = ''] = /^(r[0-9a-z]+)-(\d+)$/.exec(name) ?? [];
    if (runId === '' || (await isAlive(runId, Number(attempt)))) continue;
    await rm(path.join(directory, name), { recursive: true, force: true });
    removed.push(runId);
  }
  return removed;
}
