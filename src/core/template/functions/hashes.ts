import { createHash } from 'node:crypto';
import { type FunctionTable, fixed } from './signature.ts';

/** Checksums of a text's bytes: computation only, nothing here is secret or random. */
export const HASHES: FunctionTable = new Map([
  ['sha1sum', fixed(['string'], ([text]) => createHash('sha1').update(text).digest('hex'))],
  ['sha256sum', fixed(['string'], ([text]) => createHash('sha256').update(text).digest('hex'))],
  ['adler32sum', fixed(['string'], ([text]) => String(adler32(Buffer.from(text))))],
]);

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}
