import type { EntryHeader, PathFilter } from './source-files.ts';

/**
 * Leaves out the folders that a filter does not want, except those that something wanted lies in: an ignore file may
 * leave a folder out and take back a file in it. `entries` has everything else as it is wanted, and parents first.
 */
export async function* withNeededFolders<T extends { readonly header: EntryHeader }>(
  entries: AsyncIterable<T>,
  filter: PathFilter,
): AsyncGenerator<T> {
  /** The unwanted folders around the present entry that nobody has needed yet. */
  const above: T[] = [];
  for await (const entry of entries) {
    const { name, type } = entry.header;
    while (above.length > 0 && !name.startsWith(above.at(-1)?.header.name ?? '')) above.pop();
    if (type === 'directory' && !filter.wants(name.replace(/\/$/, ''), true)) {
      above.push(entry);
      continue;
    }
    yield* above.splice(0);
    yield entry;
  }
}
