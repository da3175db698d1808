import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { packSource } from '../source/archive.ts';
import type { SourceListing } from '../source/entry.ts';
import type { Processes } from '../terminal.ts';
import { FOLDER_PREFIX, writeOwner } from './exec-leftovers.ts';

/** The folder of one exec. */
export interface Workspace {
  /** The run's source. */
  readonly directory: string;
  /** No other exec has this name: the run is known by it on the engine. */
  readonly name: string;
}

/**
 * Hands `work` a copy of what a server would have been sent, so that .dockerignore means the same here and there; without
 * a listing it is an empty folder. The copy is removed in every case. Rejects with `signal.reason`, or as `work` does.
 */
export async function inWorkspace<T>(
  listing: SourceListing | undefined,
  owner: { readonly dockerHost: string; readonly processes: Processes },
  work: (workspace: Workspace) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), FOLDER_PREFIX)));
  try {
    await writeOwner(folder, owner.dockerHost, owner.processes);
    const directory = path.join(folder, 'source');
    await mkdir(directory);
    if (listing !== undefined) await copy(listing, directory, signal);
    return await work({ directory, name: path.basename(folder) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copy({ entries }: SourceListing, folder: string, signal: AbortSignal): Promise<void> {
  // Only this command needs the executing side.
  const { unpack } = await import('../../../workers/source/unpack.ts');
  signal.throwIfAborted();
  const noLimits = { maxBytes: Number.POSITIVE_INFINITY, maxEntries: Number.POSITIVE_INFINITY };
  await unpack(Readable.from(packSource(entries, { compressed: false }, signal)), folder, noLimits, signal);
}
