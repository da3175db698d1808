import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { RegistryError } from '../../ports/registry-client.ts';

/** The digest of content: the algorithm (mostly `sha256`), a colon and hexadecimal digits. */
export function digestOf(content: Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`;
}

/** What a digest was made with. */
export function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':'));
}

/** Whether a reference is a digest (a tag has no colon). */
export function isDigest(reference: string): boolean {
  return reference.includes(':');
}

/** Passes content on, and fails at its end when it is not what the digest says. Throws for a digest of an unknown kind. */
export function checkingDigest(digest: string, host: string): Transform {
  const algorithm = algorithmOf(digest);
  const hash = createHash(algorithm);
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      hash.update(chunk);
      callback(null, chunk);
    },
    flush(callback) {
      const isRight = `${algorithm}:${hash.digest('hex')}` === digest;
      callback(isRight ? null : new RegistryError(`${host} sent something else than ${digest}.`));
    },
  });
}
