import { mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { uploadKey } from '../../src/core/run/blob-keys.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { BlobStore } from '../../src/ports/blob-store.ts';
import type { ContextFetcher } from '../../src/ports/context-fetcher.ts';
import type { RunRequest, Source } from '../../task-schemas/index.ts';
import { createContextFetcher } from './fetch-context.ts';
import { type FetchedRemote, fetchRemote, type RemoteDeps, type Revision } from './fetch-remote.ts';
import { unpack } from './unpack.ts';
import { UnusableSource } from './unusable-source.ts';

/** The source of a run on this worker. `remove` gets rid of all of it; the one who fetched it calls it. */
export interface SourceContext {
  /** Absolute, without links: the files of the run, or the folder of the repository that was asked for. */
  readonly directory: string;
  /** Beside it: where the engine may put what goes with it. Absent: nothing removes it after this process was killed. */
  readonly scratchDirectory?: string;
  /** Which commit that is, when it comes from git. */
  readonly revision?: Revision;
  /** Fetches what the context text of a build names, beside the source. */
  readonly fetchContext: ContextFetcher;
  remove(): Promise<void>;
}

/**
 * What fetching needs to know. `directory` must not exist yet or is emptied first; `discard` gets a folder that is not needed
 * any more out of the way, and need not wait for the deletion of its files.
 */
export interface SourceDeps extends RemoteDeps {
  readonly blobStore: BlobStore;
  readonly directory: string;
  discard(directory: string): Promise<void>;
}

/**
 * Brings a source into a folder of its own. `note` hears sentences for the user's log. Rejects with `UnusableSource` when
 * the source cannot be used, with `signal.reason` when aborted, with other errors for faults; leaves no folder behind then.
 */
export async function fetchSource(
  source: Source,
  deps: SourceDeps,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<SourceContext> {
  const remove = () => deps.discard(deps.directory);
  await rm(deps.directory, { recursive: true, force: true });
  const folder = path.join(deps.directory, 'source');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const place = await realpath(deps.directory);
    const fetched = await fill(source, path.join(place, 'source'), deps, note, signal);
    const fetchContext = createContextFetcher(path.join(place, 'contexts'), deps);
    return { ...fetched, scratchDirectory: place, fetchContext, remove };
  } catch (error) {
    // What cannot be removed now is swept later, and is not why the source cannot be had.
    await remove().catch(() => undefined);
    throw error;
  }
}

async function fill(
  source: Source,
  folder: string,
  deps: SourceDeps,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<FetchedRemote> {
  switch (source.kind) {
    case 'none':
      return { directory: folder };
    case 'upload': {
      const archive = await deps.blobStore.get(uploadKey(source.uploadId));
      if (archive === undefined) {
        throw new UnusableSource(
          `The uploaded source ${source.uploadId} is gone: uploads are kept for a day.`,
          'Upload the source again and schedule a new run.',
        );
      }
      await unpack(archive, folder, deps.limits, signal);
      return { directory: folder };
    }
    case 'git':
    case 'archive':
    case 'oci':
      return fetchRemote({ source, folder, note }, deps, signal);
    default:
      return unreachable(source);
  }
}

/** Largest task file that is read. */
const MAX_TASK_FILE_BYTES = 1_048_576;

/**
 * The text of the task file a request names inside its source, or undefined when it does not name one. Rejects with
 * `UnusableSource` when it is missing, too large or lies outside of the source.
 */
export async function readTaskFile(request: RunRequest, directory: string): Promise<string | undefined> {
  if (request.kind !== 'task-file') return undefined;
  const name = request.taskFile;
  const file = await realpath(path.join(directory, name)).catch(() => undefined);
  if (file === undefined || !file.startsWith(directory + path.sep)) {
    throw new UnusableSource(
      `The source has no task file "${name}".`,
      'Give the path relative to the root of the source, and check that .dockerignore does not leave it out.',
    );
  }
  const { size, isFile } = await describe(file);
  if (!isFile) {
    throw new UnusableSource(
      `"${name}" of the source is no file.`,
      'Name the task file itself, for example task.yaml.',
    );
  }
  if (size > MAX_TASK_FILE_BYTES) {
    throw new UnusableSource(
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
