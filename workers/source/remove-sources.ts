import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isMissing, removedName } from './left-sources.ts';

/** Gets rid of the sources of runs beside what goes on: a source may have so many files that deleting them takes minutes. */
export interface SourceRemoval {
  /**
   * Resolves when the folder is out of the way, under a name that the sweep knows; its files are deleted from then on. What
   * cannot be deleted is left to the sweep. A folder that is not there is no error; others reject.
   */
  remove(directory: string): Promise<void>;
  /** Whether the files of a folder with this name are being deleted now. */
  isRemoving(name: string): boolean;
  /** Waits until everything is deleted, at most `limitMs`; the sweep of the next start deletes the rest. */
  close(): Promise<void>;
}

/** How long `close` waits, in ms: a worker that is told to stop has used up most of its time already. */
const LIMIT_MS = 5_000;

/** Starts with nothing to delete. */
export function createSourceRemoval(limitMs = LIMIT_MS, deleteFolder = deleteAll): SourceRemoval {
  const running = new Map<string, Promise<void>>();

  function deleteBeside(folder: string): void {
    const name = path.basename(folder);
    const deleted = deleteFolder(folder)
      .catch(() => undefined)
      .finally(() => running.delete(name));
    running.set(name, deleted);
  }

  return {
    async remove(directory) {
      const folder = path.join(path.dirname(directory), removedName(path.basename(directory)));
      try {
        await rename(directory, folder);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      deleteBeside(folder);
    },
    isRemoving: (name) => running.has(name),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limitMs);
      });
      await Promise.race([Promise.all(running.values()), limit]);
      clearTimeout(timer);
    },
  };
}

function deleteAll(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
