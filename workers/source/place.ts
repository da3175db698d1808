import { lstat, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { UnusableSource } from './unusable-source.ts';

/**
 * The path of an entry inside `folder`, with its parent folders made; none of them may be a link. `linkedFolders` remembers
 * what was looked at. Rejects with `UnusableSource`.
 */
export async function safePath(name: string, folder: string, linkedFolders: Map<string, boolean>): Promise<string> {
  const target = path.resolve(folder, name);
  if (path.isAbsolute(name) || (target !== folder && !target.startsWith(folder + path.sep))) {
    throw outside(name);
  }
  if (target === folder) return target;
  const parent = path.dirname(target);
  for (let at = parent; at !== folder; at = path.dirname(at)) {
    if (await isLink(at, linkedFolders)) throw outside(name);
  }
  if (!linkedFolders.has(parent)) {
    await mkdir(parent, { recursive: true });
    linkedFolders.set(parent, false);
  }
  return target;
}

/** Whether something is a symbolic link. */
export async function isLink(target: string, linkedFolders: Map<string, boolean>): Promise<boolean> {
  const known = linkedFolders.get(target);
  if (known !== undefined) return known;
  const found = await lstat(target).then(
    (stats) => stats.isSymbolicLink(),
    () => undefined,
  );
  if (found !== undefined) linkedFolders.set(target, found);
  return found ?? false;
}

/** A later entry of the same name replaces an earlier one, as tar does. */
export async function clear(target: string, linkedFolders: Map<string, boolean>): Promise<void> {
  linkedFolders.delete(target);
  await rm(target, { force: true });
}

function outside(name: string): UnusableSource {
  return new UnusableSource(
    `The source has "${name}", which lies outside of its folder.`,
    'Make the archive from inside the folder, with relative names and without .. or links on the way.',
  );
}
