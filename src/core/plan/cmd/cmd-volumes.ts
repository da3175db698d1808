/** The `--volume` options of a cmd text: volumes of the task, the workspace, and what a worker's policy names. */
import { posix } from 'node:path';
import type { PlannedMount } from '../../../../task-schemas/index.ts';
import { didYouMeanHint } from '../../did-you-mean.ts';
import { parseMountPath } from '../../task-file/mount-path.ts';
import { WORKSPACE } from './working-directory.ts';

/** What a cmd may mount: the names of the task's volumes, and the name under which it knows the workspace. */
export interface Mountable {
  readonly volumes: readonly string[];
  /** `{{.Run.SharedVolume}}`. */
  readonly workspace: string;
}

/** A mount, or why it is none; `code` is that of the finding. */
export type ReadVolume =
  | { readonly kind: 'mount'; readonly mount: PlannedMount }
  | { readonly kind: 'wrong'; readonly code: string; readonly message: string; readonly hint: string };

/** Reads `VOLUME:/PATH[:OPTIONS]`. */
export function readVolume(value: string, { volumes, workspace }: Mountable): ReadVolume {
  const [volume = '', ...rest] = value.split(':');
  if (/^(?:[.~]|[A-Za-z]:)/.test(volume)) return relativeFolder(volume);
  if (rest[0] === undefined || !rest[0].startsWith('/')) {
    const hint = 'Write -v VOLUME:/PATH with a volume of the task.';
    return wrong('cmd-option-value', `"${value}" does not say where in the container the volume is`, hint);
  }
  const read = parseMountPath(rest.join(':'));
  if (read.kind === 'wrong') return wrong('cmd-option-value', read.message, read.hint);
  const mount = { path: posix.normalize(read.path), readOnly: read.readOnly };
  if (volume.startsWith('/')) return { kind: 'mount', mount: { volume: normalFolder(volume), ...mount } };
  if (volume !== workspace && !volumes.includes(volume)) return unknownVolume(volume, volumes);
  return { kind: 'mount', mount: { volume, ...mount } };
}

/** Whether a step may have it is the policy's to say, which compares paths. */
function normalFolder(folder: string): string {
  return folder === '/' ? folder : posix.normalize(folder).replace(/\/$/, '') || '/';
}

function relativeFolder(folder: string): ReadVolume {
  const message = `"${folder}" is on the worker, and no folder of it is mounted`;
  const hint = `The source is in ${WORKSPACE} of every step; copy what you need there.`;
  return wrong('cmd-refused-option', message, hint);
}

function unknownVolume(name: string, volumes: readonly string[]): ReadVolume {
  const known =
    volumes.length === 0
      ? `The task has no volumes; the source is in ${WORKSPACE} of every step.`
      : `Its volumes are: ${volumes.join(', ')}.`;
  return wrong(
    'mount-unknown-volume',
    `"${name}" is not a volume of this task`,
    didYouMeanHint(name, volumes) ?? known,
  );
}

function wrong(code: string, message: string, hint: string): ReadVolume {
  return { kind: 'wrong', code, message, hint };
}
