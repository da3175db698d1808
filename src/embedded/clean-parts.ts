import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { claimDirectory } from './claim.ts';
import { unmountBelow } from './engine-leftovers.ts';
import type { Environment } from './packages.ts';
import { cleanPrivateEngine } from './private-engine.ts';

/**
 * Ends and takes away what killed processes left of the parts they had started anywhere in `folder`: child processes,
 * private engines, mounts. The files stay. Fails when a living process still holds one of the parts.
 */
export async function cleanParts(folder: string, env: Environment): Promise<void> {
  for (const directory of partFolders(folder, 4)) {
    if (existsSync(join(directory, 'network.json'))) await cleanPrivateEngine(directory, env);
    else await claimDirectory(directory, 5_000).then((claim) => claim.release());
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) await unmountBelow([folder]);
}

/** The folders of parts that were not closed; the data inside of a part are not searched. */
function partFolders(folder: string, depth: number): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(({ name }) => ['owner.json', 'process.json', 'network.json'].includes(name))) return [folder];
  const folders = entries.filter((entry) => entry.isDirectory() && depth > 0);
  return folders.flatMap(({ name }) => partFolders(join(folder, name), depth - 1));
}
