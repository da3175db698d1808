import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import type { BlobPut } from '../../ports/blob-store.ts';

/** No key contains this, so a file that is being written is never taken for a blob. */
const PARTIAL_MARK = '_partial';

/** Whether a file is one that is being written, or was when its writer was killed. */
export function isPartial(name: string): boolean {
  return new RegExp(`${PARTIAL_MARK}\\d+$`).test(name);
}

/**
 * Writes a stream to a file that appears whole or not at all: a neighbour file first, flushed to the disk, then renamed.
 * When the stream is too large, its rest is left unread (its owner may still have to answer somebody
 * over the same connection). Rejects when the stream fails or `signal` aborts; then nothing is left behind.
 */
export async function writeFileWhole(
  file: string,
  content: Readable,
  limitBytes: number,
  signal?: AbortSignal,
): Promise<BlobPut> {
  const partial = await openPartial(file);
  let kept = false;
  try {
    if (signal !== undefined) addAbortSignal(signal, content);
    const outcome = await writeStream(partial.handle, content, limitBytes);
    if (outcome.kind !== 'stored') return outcome;
    await partial.handle.sync();
    await rename(partial.path, file);
    kept = true;
    await syncFolder(dirname(file));
    return outcome;
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    await partial.handle.close();
    if (!kept) await unlink(partial.path);
  }
}

/** Opens a file beside `file` that nobody else writes: names are tried until one is free. */
async function openPartial(file: string): Promise<{ readonly path: string; readonly handle: FileHandle }> {
  for (let n = 1; ; n++) {
    const path = join(dirname(file), `${basename(file)}${PARTIAL_MARK}${n}`);
    try {
      return { path, handle: await open(path, 'wx', 0o600) };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

async function writeStream(handle: FileHandle, content: Readable, limitBytes: number): Promise<BlobPut> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content.iterator({ destroyOnReturn: false })) {
    const data: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += data.length;
    if (bytes > limitBytes) return { kind: 'too-large', limitBytes };
    hash.update(data);
    await writeAll(handle, data);
  }
  return { kind: 'stored', bytes, sha256: hash.digest('hex') };
}

/** A write to a disk that is nearly full may take only a part. */
async function writeAll(handle: FileHandle, data: Uint8Array): Promise<void> {
  for (let offset = 0; offset < data.length; ) {
    const { bytesWritten } = await handle.write(data, offset, data.length - offset);
    offset += bytesWritten;
  }
}

/** Without this, the new name could be lost with the power. */
async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether an error says that the disk, or the user's share of it, is full. */
export function isNoSpace(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
}

/** The system's name of an error, for example ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
