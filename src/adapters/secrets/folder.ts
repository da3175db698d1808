import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SecretReading } from '../../ports/secret-source.ts';
import { systemCode, unavailable } from './unavailable.ts';

/**
 * The content of the file `name` in a folder, as Docker (`/run/secrets`) and Kubernetes mount secrets: one file each,
 * perhaps behind symbolic links. One line end at its end does not belong to the value. `name` has no slash.
 */
export async function readSecretFile(
  folder: string | undefined,
  name: string,
  signal: AbortSignal,
): Promise<SecretReading> {
  if (folder === undefined)
    return unavailable('the worker has no folder of secrets', 'Name one in SLIPWAY_SECRETS_FOLDER on the worker.');
  try {
    const text = await readFile(path.join(folder, name), { encoding: 'utf8', signal });
    return { kind: 'value', value: text.replace(/\r?\n$/, '') };
  } catch (error) {
    signal.throwIfAborted();
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return unavailable(
        `the folder of SLIPWAY_SECRETS_FOLDER has no file "${name}"`,
        'Add it on the worker: one file per secret, named like the secret, with its value.',
      );
    const reason = `the file "${name}" in the folder of SLIPWAY_SECRETS_FOLDER cannot be read (${code})`;
    return unavailable(reason, 'Check on the worker that it is a file that the user of the worker may read.');
  }
}
