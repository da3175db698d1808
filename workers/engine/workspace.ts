import { lstat, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Container } from 'dockerode';
import type { EngineConnection } from './connection.ts';
import { removeContainer } from './container-life.ts';
import { volumesOf, WORKSPACE } from './create-options.ts';
import type { FetchedPlace } from './fetched-context.ts';
import { inBody } from './in-body.ts';
import { type AttemptId, holderName, labelsOf } from './names.ts';
import { createOnce } from './once.ts';
import { packEntries } from './pack.ts';
import { createSourceDirectory } from './source-directory.ts';
import { EVERYTHING, type SourceEntry, type SourceFiles } from './source-files.ts';
import { createWorkspaceVolume } from './workspace-volume.ts';

/**
 * The files all steps of an attempt share. Until the first container wants them they are the source on this machine,
 * and builds read them there. Then they move into a volume, once, and everyone uses that.
 */
export interface Workspace {
  /** Moves the files into the volume, if that has not been done; `image` is one that the engine has. */
  enter(image: string): Promise<void>;
  /** Where the files are now. */
  files(): Promise<SourceFiles>;
  /**
   * Takes a folder of this machine in, under a name in the root; the folder itself is used up. Answers false when there is
   * something of that name, unless it is what an earlier call has left there when it was broken off. Rejects with
   * `signal.reason`.
   */
  add(name: string, folder: string, signal: AbortSignal): Promise<boolean>;
  /** The contexts that were added for builds, by step id. */
  readonly fetched: Map<string, FetchedPlace>;
}

/** Prepares the workspace of an attempt; nothing is made yet. `signal` ends the filling. */
export function createWorkspace(
  connection: EngineConnection,
  id: AttemptId,
  sourceDirectory: string,
  scratchDirectory: string,
  signal: AbortSignal,
): Workspace {
  const source = createSourceDirectory(sourceDirectory);
  let volume: SourceFiles = source;
  let filled: Container | undefined;
  // What was begun and did not end may lie in the volume in part.
  const unfinished = new Set<string>();
  // Folders on their way into the source: the volume is filled when they have arrived.
  const arriving = new Set<Promise<unknown>>();
  const entering = createOnce(async (image: string) => {
    await Promise.allSettled(arriving);
    const holder = await createHolder(connection, id, image);
    try {
      await fill(holder, source, signal);
    } catch (error) {
      await removeContainer(connection, holder).catch(() => {});
      throw error;
    }
    volume = createWorkspaceVolume(holder, scratchDirectory);
    filled = holder;
  });
  return {
    enter: (image) => entering.run(image),
    async files() {
      // A container that is about to start may change the files: from here on only the volume is true.
      if (entering.begun()) await entering.run('');
      return volume;
    },
    async add(name, folder, adding) {
      if (!entering.begun()) return arrive(moveInto(sourceDirectory, name, folder), arriving);
      await entering.run('');
      if (!unfinished.has(name) && (await volume.kind(name, adding)) !== 'missing') return false;
      unfinished.add(name);
      if (filled !== undefined) await fillFolder(filled, name, createSourceDirectory(folder), adding);
      unfinished.delete(name);
      return true;
    },
    fetched: new Map(),
  };
}

async function arrive<T>(work: Promise<T>, arriving: Set<Promise<unknown>>): Promise<T> {
  arriving.add(work);
  return work.finally(() => arriving.delete(work));
}

async function moveInto(sourceDirectory: string, name: string, folder: string): Promise<boolean> {
  const target = path.join(sourceDirectory, name);
  const isThere = await lstat(target).then(
    () => true,
    () => false,
  );
  if (isThere) return false;
  await rename(folder, target);
  return true;
}

/** A container that is never started: only through one can files go in and out of a volume. */
async function createHolder(connection: EngineConnection, id: AttemptId, image: string): Promise<Container> {
  const options = {
    Image: image,
    Labels: labelsOf(id),
    Entrypoint: ['/never-started'],
    HostConfig: { NetworkMode: 'none', Mounts: volumesOf(id) },
  };
  return connection.docker.createContainer(inBody(options, { name: holderName(id) }));
}

function fill(holder: Container, source: SourceFiles, signal: AbortSignal): Promise<void> {
  return put(holder, source.entries('.', EVERYTHING, signal), signal);
}

/**
 * The folder comes before what is in it; only the engine can make one in the volume. An empty file before it takes the
 * place of all that lies there already: the engine removes what is of another kind.
 */
async function fillFolder(holder: Container, name: string, source: SourceFiles, signal: AbortSignal): Promise<void> {
  async function* below(): AsyncGenerator<SourceEntry> {
    yield { header: { name, type: 'file', size: 0, mode: 0o600, uid: 0, gid: 0 }, body: Buffer.alloc(0) };
    yield { header: { name: `${name}/`, type: 'directory', mode: 0o755, uid: 0, gid: 0 }, body: undefined };
    for await (const { header, body } of source.entries('.', EVERYTHING, signal)) {
      yield { header: { ...header, name: `${name}/${header.name}` }, body };
    }
  }
  await put(holder, below(), signal);
}

async function put(holder: Container, entries: AsyncIterable<SourceEntry>, signal: AbortSignal): Promise<void> {
  const { stream, written } = packEntries(entries);
  try {
    await Promise.all([holder.putArchive(stream, { path: WORKSPACE, abortSignal: signal }), written]);
  } finally {
    stream.destroy();
  }
}
