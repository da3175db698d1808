import { closeSync, fchmodSync, futimesSync, openSync, rmSync, writeSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';

/** Files up to this size are written at once. */
const SMALL_BYTES = 64 * 1024;

/** What a file is to be; `size` in bytes. */
export interface FileShape {
  readonly size: number;
  readonly mode: number;
  readonly mtime: Date;
}

/**
 * Writes a file. A file or link of that name is replaced, never followed. Rejects with the file system's error or with
 * `signal.reason`.
 */
export async function writeFile(
  target: string,
  shape: FileShape,
  content: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  if (shape.size > SMALL_BYTES) return writeLarge(target, shape, content, signal);
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part);
  signal.throwIfAborted();
  writeSmall(target, shape, parts);
}

/** Synchronously: sources are many small files, and handing five calls for each to another thread takes far longer. */
function writeSmall(target: string, { mode, mtime }: FileShape, parts: readonly Buffer[]): void {
  const file = createSync(target, mode);
  try {
    for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
    fchmodSync(file, mode);
    futimesSync(file, mtime, mtime);
  } finally {
    closeSync(file);
  }
}

function createSync(target: string, mode: number): number {
  try {
    return openSync(target, 'wx', mode);
  } catch (error) {
    if (!isThere(error)) throw error;
    rmSync(target);
    return openSync(target, 'wx', mode);
  }
}

async function writeLarge(
  target: string,
  { mode, mtime }: FileShape,
  content: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const create = () => open(target, 'wx', mode);
  const handle = await create().catch(async (error: unknown) => {
    if (!isThere(error)) throw error;
    await rm(target);
    return create();
  });
  try {
    for await (const chunk of content) {
      signal.throwIfAborted();
      await handle.writeFile(chunk);
    }
    await handle.chmod(mode);
    await handle.utimes(mtime, mtime);
  } finally {
    await handle.close();
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
