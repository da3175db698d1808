import { mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { uploadKey } from '../../src/core/run/blob-keys.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { BlobStore } from '../../src/ports/blob-store.ts';
import type { RunRequest, Source } from '../../task-schemas/index.ts';
import { type UnpackLimits, UnusableArchive, unpack } from './unpack.ts';

/** The source of a run on this worker. `remove` deletes the folder; the one who fetched it calls it. */
export interface SourceContext {
  readonly directory: string;
  remove(): Promise<void>;
}

/** What fetching needs to know. `directory` must not exist yet or is emptied first. */
export interface SourceDeps {
  readonly blobStore: BlobStore;
  readonly directory: string;
  readonly limits: UnpackLimits;
}

/**
 * Brings a source into a folder of its own. Rejects with `UnusableArchive` when the source cannot be used, with
 * `signal.reason` when aborted, with other errors for faults; leaves no folder behind then.
 */
export async function fetchSource(source: Source, deps: SourceDeps, signal: AbortSignal): Promise<SourceContext> {
  const remove = () => rm(deps.directory, { recursive: true, force: true });
  await remove();
  await mkdir(deps.directory, { recursive: true, mode: 0o700 });
  try {
    await fill(source, deps, signal);
    return { directory: await realpath(deps.directory), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fill(source: Source, deps: SourceDeps, signal: AbortSignal): Promise<void> {
  switch (source.kind) {
    case 'none':
      return;
    case 'upload': {
      const archive = await deps.blobStore.get(uploadKey(source.uploadId));
      if (archive === undefined) {
        throw new UnusableArchive(
          `The uploaded source ${source.uploadId} is gone: uploads are kept for a day.`,
          'Upload the source again and schedule a new run.',
        );
      }
      await unpack(archive, await realpath(deps.directory), deps.limits, signal);
      return;
    }
    default:
      return unreachable(source);
  }
}

/** Largest task file that is read. */
const MAX_TASK_FILE_BYTES = 1_048_576;

/**
 * The text of the task file a request names inside its source, or undefined when it does not name one. Rejects with
 * `UnusableArchive` when it is missing, too large or lies outside of the source.
 */
export async function readTaskFile(request: RunRequest, directory: string): Promise<string | undefined> {
  if (request.kind !== 'task-file') return undefined;
  const name = request.taskFile;
  const file = await realpath(path.join(directory, name)).catch(() => undefined);
  if (file === undefined || !file.startsWith(directory + path.sep)) {
    throw new UnusableArchive(
      `The source has no task file "${name}".`,
      'Give the path relative to the root of the source, and check that .dockerignore does not leave it out.',
    );
  }
  const { size, isFile } = await describe(file);
  if (!isFile) {
    throw new UnusableArchive(
      `"${name}" of the source is no file.`,
      'Name the task file itself, for example task.yaml.',
    );
  }
  if (size > MAX_TASK_FILE_BYTES) {
    throw new UnusableArchive(
      `The task file "${name}" is larger than ${MAX_TASK_FILE_BYTES} bytes.`,
      'Move long scripts into files of the source and call them from the task.',
    );
  }
  return readFile(file, 'utf8');
}

async function describe(file: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const stats = await stat(file);
  return { size: stats.size, isFile: stats.isFile() };
}
