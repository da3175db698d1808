/** Sealing with AES-256-GCM (NIST SP 800-38D): nothing can be read, and no change goes unnoticed. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { SecretKeys } from '../../core/secret/secret-keys.ts';
import { SealBroken, type SecretBox } from '../../ports/secret-box.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Says how a text was sealed, should that ever change. */
const VERSION = 'v1';

/**
 * A box with these keys: it seals with the first and opens with any, so that a key can be replaced while
 * older texts are still there. A sealed text is `v1.<id of the key>.<nonce, text and tag in base64url>`.
 */
export function createSecretBox(keys: SecretKeys): SecretBox {
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [first] = keys;
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', first, nonce);
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, idOf(first), body.toString('base64url')].join('.');
    },
    open(sealed) {
      const [version, id = '', text = ''] = sealed.split('.');
      const key = version === VERSION ? byId.get(id) : undefined;
      if (key === undefined) {
        throw new SealBroken(`It was sealed with another key (${id}): give that one too, after the one in use now.`);
      }
      return unseal(key, Buffer.from(text, 'base64url'));
    },
  };
}

function unseal(key: Buffer, body: Buffer): string {
  const end = body.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(body.subarray(end));
    return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, end)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new SealBroken('It was changed after it was sealed: set the secret again.', { cause });
  }
}

/** Tells keys apart without telling them. */
function idOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
