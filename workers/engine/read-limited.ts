/** What reading a small file gives: its content, or that there is more of it than was asked for. */
export type Limited = Buffer | 'too-large';

/** What a build is described by (Dockerfile, ignore file) and what names users (/etc/passwd) may have so many bytes. */
export const MAX_TEXT_BYTES = 1024 * 1024;

/** Collects the chunks of a content, and stops reading when there are more than `maxBytes`. Rejects as the chunks do. */
export async function readLimited(
  chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  maxBytes: number,
): Promise<Limited> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) return 'too-large';
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}
