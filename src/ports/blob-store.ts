import type { Readable } from 'node:stream';

/** What became of a blob handed to `put`. Nothing is kept unless it was stored whole. */
export type BlobPut =
  | { readonly kind: 'stored'; readonly bytes: number; readonly sha256: string }
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  | { readonly kind: 'no-space' };

/** A blob that is there. `modifiedAt` in ms since the epoch. */
export interface BlobEntry {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: number;
}

/**
 * Large immutable things: uploaded sources and finished logs. Keys are paths of `[a-z0-9.-]+` parts joined with `/`; no
 * part is `.` or `..`, and no key is the folder of another one.
 *
 * - A blob appears under its key whole or not at all, and survives a kill -9 once `put` has answered.
 * - `put` over an existing key replaces it.
 */
export interface BlobStore {
  /**
   * Stores a stream; rejects when the stream fails or `signal` aborts, and leaves nothing behind then. When it is not
   * 'stored', the rest of the stream is left unread and open: its owner may still have to answer somebody over it.
   */
  put(key: string, content: Readable, options: { readonly maxBytes?: number }, signal?: AbortSignal): Promise<BlobPut>;
  /** The content from byte `start` on, or undefined when there is none. The caller consumes or destroys it. */
  get(key: string, start?: number): Promise<Readable | undefined>;
  /** Size and time, or undefined when there is none. */
  stat(key: string): Promise<BlobEntry | undefined>;
  /** Deletes; nothing happens when there is none. */
  delete(key: string): Promise<void>;
  /** Every blob whose key starts with `prefix`, in no particular order. */
  list(prefix: string): AsyncIterable<BlobEntry>;
  /**
   * Removes what is left of puts that never ended because their process was killed, as far as nothing was added to it
   * since `before` (ms since the epoch). Answers how many there were.
   */
  sweepUnfinished(before: number): Promise<number>;
}
