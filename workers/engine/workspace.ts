import type { Container } from 'dockerode';
import type { EngineConnection } from './connection.ts';
import { removeContainer } from './container-life.ts';
import { volumesOf, WORKSPACE } from './create-options.ts';
import { inBody } from './in-body.ts';
import { type AttemptId, holderName, labelsOf } from './names.ts';
import { createOnce } from './once.ts';
import { packEntries } from './pack.ts';
import { createSourceDirectory } from './source-directory.ts';
import { EVERYTHING, type SourceFiles } from './source-files.ts';
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
}

/** Prepares the workspace of an attempt; nothing is made yet. `signal` ends the filling. */
export function createWorkspace(
  connection: EngineConnection,
  id: AttemptId,
  sourceDirectory: string,
  signal: AbortSignal,
): Workspace {
  const source = createSourceDirectory(sourceDirectory);
  let volume: SourceFiles = source;
  const entering = createOnce(async (image: string) => {
    const holder = await createHolder(connection, id, image);
    try {
      await fill(holder, source, signal);
    } catch (error) {
      await removeContainer(connection, holder).catch(() => {});
      throw error;
    }
    volume = createWorkspaceVolume(holder);
  });
  return {
    enter: (image) => entering.run(image),
    async files() {
      // A container that is about to start may change the files: from here on only the volume is true.
      if (entering.begun()) await entering.run('');
      return volume;
    },
  };
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

async function fill(holder: Container, source: SourceFiles, signal: AbortSignal): Promise<void> {
  const { stream, written } = packEntries(source.entries('.', EVERYTHING, signal));
  try {
    await Promise.all([holder.putArchive(stream, { path: WORKSPACE, abortSignal: signal }), written]);
  } finally {
    stream.destroy();
  }
}
