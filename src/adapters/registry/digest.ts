import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { RegistryError } from '../../ports/registry-client.ts';

/** The digest of content: `sha256:` and 64 hexadecimal digits. */
export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Whether a reference is a digest (a tag has no colon). */
export function isDigest(reference: string): boolean {
  return reference.includes(':');
}

/** Passes content on, and fails at its end when it is not what the digest says. Throws for a digest of an unknown kind. */
export function checkingDigest(digest: string, host: string): Transform {
  const [algorithm = '', expected] = digest.split(':');
  const hash = createHash(algorithm);
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      hash.update(chunk);
      callback(null, chunk);
    },
    flush(callback) {
      const isRight = hash.digest('hex') === expected;
      callback(isRight ? null : new RegistryError(`${host} sent something else than ${digest}.`));
    },
  });
}
