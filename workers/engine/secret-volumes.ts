import type { Container, ContainerCreateOptions } from 'dockerode';
import type { SecretVolume } from '../../src/core/plan/secret-volumes.ts';
import type { CmdStep } from '../../task-schemas/index.ts';
import type { EngineConnection } from './connection.ts';
import { removeContainer } from './container-life.ts';
import { userNumber } from './image-user.ts';
import { inBody } from './in-body.ts';
import { type AttemptId, labelsOf, secretHolderName, secretVolumeName } from './names.ts';
import { createOnce } from './once.ts';
import { packEntries } from './pack.ts';
import type { PauseImage } from './pause/image.ts';
import type { Refusal } from './policy.ts';
import type { SourceEntry } from './source-files.ts';

type Mounts = NonNullable<NonNullable<ContainerCreateOptions['HostConfig']>['Mounts']>;

/**
 * The secret files of an attempt, in the memory of the engine's machine (tmpfs) and never on a disk. Such a volume lives
 * as long as a container that has it runs, so one that does nothing holds all of them until the attempt ends. Files can
 * be read by the user of the step alone (0400): for each such user there is a set of volumes, made when the first step
 * that mounts one of them starts.
 */
export interface SecretVolumes {
  /**
   * The mounts of a step, with the files in place; its image is on the engine. Empty, at no cost, when it has none.
   * Refused by an engine for whose architecture there is no program that holds them.
   */
  mountsFor(step: CmdStep): Promise<{ readonly kind: 'mounts'; readonly mounts: Mounts } | Refusal>;
  /** A file of a volume; undefined when there is none of these names. */
  find(volume: string, file: string): Uint8Array | undefined;
}

/** What they are made of. */
export interface SecretVolumesDeps {
  readonly connection: EngineConnection;
  readonly id: AttemptId;
  readonly volumes: readonly SecretVolume[];
  readonly pauseImage: PauseImage;
}

/** Where the holder sees the volumes. */
const ROOM = '/secrets';
/** What steps may add to a volume, such as a lock file, in bytes. */
const SLACK_BYTES = 1024 * 1024;
/** A file takes whole pages of memory. */
const PAGE_BYTES = 4096;

/** Prepares the secret volumes of an attempt; nothing is made yet. */
export function createSecretVolumes(deps: SecretVolumesDeps): SecretVolumes {
  const { connection, id, volumes, pauseImage } = deps;
  const holding = new Map<number, ReturnType<typeof createOnce<[]>>>();
  function ready(user: number, image: string): Promise<void> {
    const once = holding.get(user) ?? createOnce(() => hold(user, image, deps));
    holding.set(user, once);
    return once.run();
  }
  return {
    find(volume, file) {
      const files = volumes.find(({ name }) => name === volume)?.files;
      return files?.find(({ name }) => name === file)?.content;
    },
    async mountsFor(step) {
      const wanted = step.volumeMounts.flatMap(({ volume, path, readOnly }) => {
        const found = volumes.find(({ name }) => name === volume);
        return found === undefined ? [] : [{ volume: found, path, readOnly }];
      });
      if (wanted.length === 0) return { kind: 'mounts', mounts: [] };
      const image = await pauseImage.id();
      if (image === undefined) return withoutHolder(step);
      const user = await userNumber(connection, id, step.image, step.user);
      await ready(user, image);
      const mounts = wanted.map(({ volume, path, readOnly }) => ({
        ...mountOf(id, volume, user, path),
        ReadOnly: readOnly,
      }));
      return { kind: 'mounts', mounts };
    },
  };
}

function withoutHolder({ id }: CmdStep): Refusal {
  return {
    kind: 'refused',
    message: `Step "${id}" mounts a secret volume, which needs an engine on amd64 or arm64; that of this worker is neither.`,
    hint: 'Send the run to a worker with such an engine, or give the step its secrets by env.',
  };
}

async function hold(user: number, image: string, { connection, id, volumes }: SecretVolumesDeps): Promise<void> {
  const options = holderOptions(id, volumes, user, image);
  const holder = await connection.docker.createContainer(inBody(options, { name: secretHolderName(id, user) }));
  try {
    await holder.start();
    await fill(holder, volumes, user);
  } catch (error) {
    await removeContainer(connection, holder).catch(() => {});
    throw error;
  }
}

/** A container without rights, network and output, which has all volumes. Pure. */
export function holderOptions(id: AttemptId, volumes: readonly SecretVolume[], user: number, image: string) {
  return {
    Image: image,
    Labels: labelsOf(id),
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 1,
      LogConfig: { Type: 'none', Config: {} },
      Mounts: volumes.map((volume) => mountOf(id, volume, user, `${ROOM}/${volume.name}`)),
    },
  };
}

function mountOf(id: AttemptId, volume: SecretVolume, user: number, Target: string) {
  const options = `size=${sizeOf(volume)},mode=0700,nosuid,nodev`;
  return {
    Type: 'volume' as const,
    Source: secretVolumeName(id, volume.name, user),
    Target,
    VolumeOptions: {
      NoCopy: true,
      Labels: labelsOf(id),
      DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs', o: options } },
    },
  };
}

function sizeOf({ files }: SecretVolume): number {
  const pages = files.map(({ content }) => Math.ceil(content.length / PAGE_BYTES) + 1);
  return SLACK_BYTES + PAGE_BYTES * pages.reduce((sum, count) => sum + count, 0);
}

async function fill(holder: Container, volumes: readonly SecretVolume[], user: number): Promise<void> {
  const { stream, written } = packEntries(entriesOf(volumes, user));
  try {
    await Promise.all([holder.putArchive(stream, { path: ROOM }), written]);
  } finally {
    stream.destroy();
  }
}

/** Each folder is named, so that the root of its volume gets an owner, too. */
async function* entriesOf(volumes: readonly SecretVolume[], uid: number): AsyncGenerator<SourceEntry> {
  const owner = { uid, gid: 0, mtime: new Date(0) };
  for (const { name: folder, files } of volumes) {
    yield { header: { ...owner, name: `${folder}/`, type: 'directory', mode: 0o700 }, body: undefined };
    for (const { name, content } of files) {
      const header = { ...owner, name: `${folder}/${name}`, type: 'file' as const, mode: 0o400, size: content.length };
      yield { header, body: Buffer.from(content) };
    }
  }
}
