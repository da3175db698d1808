/** One thing to be sent. `path` is its path in the source, with `/` and without one at either end. */
export type SourceEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Absolute path on this machine. */
      readonly file: string;
      readonly bytes: number;
      readonly mode: number;
      readonly modifiedAt: Date;
    }
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number; readonly modifiedAt: Date }
  | { readonly kind: 'link'; readonly path: string; readonly target: string; readonly modifiedAt: Date };

/** All that is to be sent, parents before children, in an order that depends on the names alone. */
export interface SourceListing {
  readonly entries: readonly SourceEntry[];
  /** Sum of the sizes of the files. */
  readonly bytes: number;
  readonly files: number;
}

/** Adds up what the entries have. */
export function toListing(entries: readonly SourceEntry[]): SourceListing {
  let bytes = 0;
  let files = 0;
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    bytes += entry.bytes;
    files += 1;
  }
  return { entries, bytes, files };
}
