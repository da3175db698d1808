import { formatBytes } from './quantity.ts';

/** How far the sending of a source is. Bytes are those of the files, before compression. */
export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly elapsedMs: number;
}

const BAR_WIDTH = 24;

/** One line of at most `columns` characters: `Sending source  [#####-----]  45%  12 MB of 27 MB  8.1 MB/s`. */
export function renderProgress(progress: Progress, columns: number): string {
  const share = shareDone(progress);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const amount = `${formatBytes(progress.doneBytes)} of ${formatBytes(progress.totalBytes)}`;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
  const full = `Sending source  ${bar} ${percent}  ${amount}${formatSpeed(progress)}`;
  if (full.length < columns) return full;
  return `Sending source ${percent}  ${amount}`.slice(0, Math.max(0, columns - 1));
}

function shareDone({ doneBytes, totalBytes }: Progress): number {
  if (totalBytes <= 0) return 1;
  return Math.min(1, Math.max(0, doneBytes / totalBytes));
}

/** Nothing in the first half second: the first figures say nothing about the line. */
function formatSpeed({ doneBytes, elapsedMs }: Progress): string {
  return elapsedMs < 500 ? '' : `  ${formatBytes(doneBytes / (elapsedMs / 1000))}/s`;
}
