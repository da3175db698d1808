import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { KEY_BYTES } from './adapters/secrets/secret-box.ts';
import { installationLine } from './installation-line.ts';

/** Keys of `KEY_BYTES` each; the first one seals. */
export type SecretKeys = readonly [Buffer, ...Buffer[]];

/** The key of a data folder, which is made when there is none: for installations that were given no keys. */
export async function installationKeys(dataDirectory: string): Promise<SecretKeys> {
  const file = path.join(dataDirectory, 'secret-key');
  const line = await installationLine(file, () => randomBytes(KEY_BYTES).toString('base64'));
  const keys = parseKeys(line);
  if (keys === undefined) {
    throw new Error(
      `${file} holds no key. Bring it back from a backup; or delete it, and set the secrets of all tasks anew.`,
    );
  }
  return keys;
}

/** Keys in base64 with commas between them; undefined when there is none, or one that is not `KEY_BYTES` long. */
export function parseKeys(text: string): SecretKeys | undefined {
  const [first, ...more] = text.split(',').map((one) => Buffer.from(one.trim(), 'base64'));
  if (first === undefined || [first, ...more].some((key) => key.length !== KEY_BYTES)) return undefined;
  return [first, ...more];
}
