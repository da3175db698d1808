import type { Screen } from '../screen.ts';
import type { Terminal } from '../terminal.ts';
import { renderProgress } from '../view/progress-bar.ts';
import { formatBytes, formatDuration, plural } from '../view/quantity.ts';
import type { SourceListing } from './entry.ts';

/** Tells how far the sending of a source is. */
export interface SendProgress {
  /** More bytes of files were packed. */
  add(bytes: number): void;
  /** It is over. `compressedBytes`: what the server received, if that is less. */
  done(compressedBytes: number | undefined): Promise<void>;
  /** It failed; the message comes from elsewhere. */
  abandon(): void;
}

/** Redrawing more often only costs time. */
const REDRAW_MS = 100;

/** Begins to tell: a bar on a terminal, otherwise one line now and one at the end. */
export async function startSendProgress(
  listing: SourceListing,
  screen: Screen,
  terminal: Terminal,
): Promise<SendProgress> {
  const started = terminal.now();
  let doneBytes = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const what = `${plural(listing.files, 'file')}, ${formatBytes(listing.bytes)}`;
  if (!terminal.stderr.isTerminal) await screen.note(`Sending source: ${what}`);
  return {
    add(bytes) {
      doneBytes += bytes;
      const now = terminal.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const progress = { doneBytes, totalBytes: listing.bytes, elapsedMs: now - started };
      screen.status(renderProgress(progress, terminal.stderr.columns()));
    },
    async done(compressedBytes) {
      screen.status(undefined);
      const took = formatDuration(terminal.now() - started);
      const compressed = compressedBytes === undefined ? '' : ` (${formatBytes(compressedBytes)} compressed)`;
      await screen.note(`Sent source: ${what}${compressed} in ${took}`);
    },
    abandon() {
      screen.status(undefined);
    },
  };
}
