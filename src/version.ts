import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of Slipway, from the nearest package.json: one folder more lies between when this file was compiled. */
export function readVersion(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) return 'unknown';
    folder = parent;
  }
  const content: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const known = typeof content === 'object' && content !== null && 'version' in content;
  return known ? String(content.version) : 'unknown';
}
