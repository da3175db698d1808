/** The keys that secret values are sealed with before they are stored. */

/** Bytes of a key: AES-256. */
export const KEY_BYTES = 32;

/** Keys of `KEY_BYTES` each: the first one seals, all of them open. */
export type SecretKeys = readonly [Buffer, ...Buffer[]];

/** Keys in base64 with commas between them; undefined when there is none, or one that is not `KEY_BYTES` long. */
export function parseSecretKeys(text: string): SecretKeys | undefined {
  const [first, ...more] = text.split(',').map((one) => Buffer.from(one.trim(), 'base64'));
  if (first === undefined || [first, ...more].some((key) => key.length !== KEY_BYTES)) return undefined;
  return [first, ...more];
}
