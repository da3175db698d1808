import path from 'node:path';
import type { ListedEntry } from './source-files.ts';

/** Between the values of a header that came several times. */
export const SEPARATOR = ', ';

/**
 * What a build needs of a folder when it says that it will use only certain paths; `paths` are those, joined by
 * SEPARATOR. In doubt everything, which BuildKit takes as well: with a pattern among the paths, with a symbolic link on
 * the way to one, and when a name has the separator in it.
 */
export async function* onlyFollowed(
  entries: AsyncIterable<ListedEntry>,
  paths: string | undefined,
): AsyncGenerator<ListedEntry> {
  if (paths === undefined || /[*?[\\]|[^ -~]/.test(paths)) return yield* entries;
  const followed = paths.split(SEPARATOR).map(cleanPath);
  if (followed.includes('.')) return yield* entries;
  const listed: ListedEntry[] = [];
  for await (const entry of entries) listed.push(entry);
  const isDoubtful = listed.some(({ header: { name, type } }) => {
    return name.includes(SEPARATOR) || (type === 'symlink' && followed.some((wanted) => isWithin(wanted, name)));
  });
  for (const entry of listed) {
    const name = entry.header.name.replace(/\/$/, '');
    const isNeeded = followed.some((wanted) => isWithin(name, wanted) || isWithin(wanted, name));
    if (isDoubtful || isNeeded) yield entry;
  }
}

function cleanPath(text: string): string {
  return path.posix.normalize(`/${text}`).slice(1).replace(/\/$/, '') || '.';
}

function isWithin(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}
