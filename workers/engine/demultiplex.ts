import { EngineFault } from './engine-error.ts';

const HEADER_BYTES = 8;

/**
 * Takes apart the stream of an attached container: frames of an 8-byte header (stream number, length) and a payload.
 * Payload goes on as it comes, so chunks may end anywhere. Waits for `write` before it reads on. Resolves at the end of
 * the stream; rejects when it breaks off, also in the middle of a frame.
 */
export async function demultiplex(
  stream: AsyncIterable<Buffer>,
  write: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  let header: Buffer = Buffer.alloc(0);
  let missing = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    while (rest.length > 0) {
      if (missing === 0) {
        const taken = rest.subarray(0, HEADER_BYTES - header.length);
        header = header.length === 0 ? taken : Buffer.concat([header, taken]);
        rest = rest.subarray(taken.length);
        if (header.length < HEADER_BYTES) break;
        missing = header.readUInt32BE(4);
      }
      const payload = rest.subarray(0, missing);
      rest = rest.subarray(payload.length);
      missing -= payload.length;
      if (payload.length > 0) {
        const written = write(header[0] === 2 ? 'stderr' : 'stdout', payload);
        if (written !== undefined) await written;
      }
      if (missing === 0) header = Buffer.alloc(0);
    }
  }
  if (missing > 0 || header.length > 0) throw new EngineFault('The output of the container broke off in the middle.');
}
