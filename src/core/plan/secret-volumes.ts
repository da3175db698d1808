/** The contents of a task's volumes. They are no part of a plan: whoever carries it out gets them beside it. */
import { isUtf8 } from 'node:buffer';
import type { TaskVolume } from '../../../task-schemas/index.ts';

/** A file as it is to be in the volume, to the byte. */
export interface SecretFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A volume of a plan with what is in it. */
export interface SecretVolume {
  readonly name: string;
  readonly files: readonly SecretFile[];
}

/** Decodes the volumes of a task, whose base64 has been checked (reference, section 6.5). */
export function decodeVolumes(volumes: readonly TaskVolume[]): readonly SecretVolume[] {
  return volumes.map(({ name, secret }) => ({
    name,
    files: Object.entries(secret).map(([file, text]) => ({ name: file, content: Buffer.from(text, 'base64') })),
  }));
}

/** What of it must not be shown: each content as text and, since bytes are none, as the base64 of the task. */
export function secretTexts(volumes: readonly SecretVolume[]): readonly string[] {
  return volumes.flatMap(({ files }) =>
    files.map(({ content }) => Buffer.from(content).toString(isUtf8(content) ? 'utf8' : 'base64')),
  );
}
