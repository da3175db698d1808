import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 500;

/**
 * Does work that fills a folder, and aborts the signal it is given as soon as the folder has more bytes than allowed: then
 * it answers `too-large`. Otherwise it answers, or rejects, as the work does.
 */
export async function whileSmall<T>(
  folder: string,
  maxBytes: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T | 'too-large'> {
  if (!Number.isFinite(maxBytes)) return work(signal);
  const large = new AbortController();
  const done = new AbortController();
  const watching = watch(folder, maxBytes, large, done.signal);
  try {
    const result = await work(AbortSignal.any([signal, large.signal]));
    return (await bytesOf(folder)) > maxBytes ? 'too-large' : result;
  } catch (error) {
    if (signal.aborted || !large.signal.aborted) throw error;
    return 'too-large';
  } finally {
    done.abort();
    await watching;
  }
}

async function watch(folder: string, maxBytes: number, large: AbortController, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    if ((await bytesOf(folder)) > maxBytes) return large.abort(new Error('The folder is too large.'));
    await sleep(PAUSE_MS, undefined, { signal: done }).catch(() => undefined);
  }
}

/** Bytes of all files below a folder; what vanishes meanwhile does not count. */
async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await bytesOf(child);
    else if (entry.isFile()) bytes += (await lstat(child).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
