import { Readable } from 'node:stream';
import type { EngineConnection } from '../connection.ts';
import { EngineFault } from '../engine-error.ts';
import { readMessages } from '../json-stream.ts';
import { PAUSE_IMAGE, packPauseImage } from './archive.ts';

/** The image of the program that does nothing, on one engine. */
export interface PauseImage {
  /**
   * Its id, after seeing to it that the engine has it; undefined when there is none for the engine's architecture. Asked
   * again after `forget`, it is brought anew.
   */
  id(): Promise<string | undefined>;
  /** Somebody has removed it from the engine. */
  forget(): void;
}

/** Prepares the image for an engine; nothing is sent before it is asked for. One for all attempts: it stays. */
export function createPauseImage(connection: EngineConnection): PauseImage {
  let loading: Promise<string | undefined> | undefined;
  return {
    id() {
      loading ??= load(connection).catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
    forget() {
      loading = undefined;
    },
  };
}

async function load(connection: EngineConnection): Promise<string | undefined> {
  const { Arch } = await connection.docker.version();
  const archive = await packPauseImage(Arch);
  if (archive === undefined) return undefined;
  const answer = await connection.stream({
    method: 'POST',
    path: '/images/load',
    query: { quiet: '1' },
    headers: { 'Content-Type': 'application/x-tar' },
    body: Readable.from([archive.tar]),
  });
  for await (const { error } of readMessages(answer)) {
    if (error !== undefined) throw new EngineFault(`The engine does not take the image ${PAUSE_IMAGE}: ${error}`);
  }
  const { Id, RootFS } = await connection.docker.getImage(PAUSE_IMAGE).inspect();
  // A build of some run may use the same name; what runs in the network of other runs must be ours, so it goes by its id.
  if (RootFS.Layers?.join() !== archive.layer) {
    throw new EngineFault(`The image ${PAUSE_IMAGE} was replaced by another one while it was loaded.`);
  }
  return Id;
}
