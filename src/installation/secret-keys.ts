import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { KEY_BYTES, parseSecretKeys, type SecretKeys } from '../core/secret/secret-keys.ts';
import { keptLine } from './kept-line.ts';

/** The key of a data folder, which is made when there is none: for installations that were given no keys. */
export async function installationKeys(dataDirectory: string): Promise<SecretKeys> {
  const file = path.join(dataDirectory, 'secret-key');
  const line = await keptLine(file, () => randomBytes(KEY_BYTES).toString('base64'));
  const keys = parseSecretKeys(line);
  if (keys === undefined) {
    throw new Error(
      `${file} holds no key. Bring it back from a backup; or delete it, and set the secrets of all tasks anew.`,
    );
  }
  return keys;
}
