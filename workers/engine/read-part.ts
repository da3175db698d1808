import type { FileHandle } from 'node:fs/promises';

/** How much is read at once. */
export const CHUNK_BYTES = 256 * 1024;

/**
 * Reads exactly `size` bytes of a file, also when it grows meanwhile: its length has been told. Throws when it has become
 * shorter; `name` is what the message calls it.
 */
export async function* readPart(file: FileHandle, start: number, size: number, name: string): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    const length = Math.min(CHUNK_BYTES, size - at);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, start + at);
    if (bytesRead === 0) throw new Error(`${name} became shorter while it was read.`);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
