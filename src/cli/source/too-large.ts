import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { formatBytes } from '../view/quantity.ts';
import type { SourceEntry, SourceListing } from './entry.ts';

/** How many entries the message names. */
const NAMED = 5;

/** The refusal of a source that is over the server's limit, with what takes the room; undefined when it fits. */
export function refuseTooLarge(listing: SourceListing, maxBytes: number): Diagnostic | undefined {
  if (listing.bytes <= maxBytes) return undefined;
  const largest = largestEntries(listing.entries, NAMED);
  const lines = largest.map(({ path, bytes }) => `\n  ${formatBytes(bytes).padStart(7)}  ${path}`).join('');
  return plainError(
    'source-too-large',
    `The source has ${formatBytes(listing.bytes)}; the server takes at most ${formatBytes(maxBytes)}. Its largest entries:${lines}`,
    `Leave out what the build does not need: add lines such as "${largest[0]?.path ?? 'dist'}" to .dockerignore. ` +
      'The limit is the setting of the server (SLIPWAY_MAX_SOURCE_BYTES).',
  );
}

/** The largest files and folders at the top of the source, largest first; folders count with all they hold. */
export function largestEntries(
  entries: readonly SourceEntry[],
  count: number,
): readonly { readonly path: string; readonly bytes: number }[] {
  const totals = new Map<string, number>();
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const slash = entry.path.indexOf('/');
    const top = slash < 0 ? entry.path : entry.path.slice(0, slash + 1);
    totals.set(top, (totals.get(top) ?? 0) + entry.bytes);
  }
  return [...totals]
    .map(([path, bytes]) => ({ path, bytes }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, count);
}
