import type { TextReader } from '../../ports/text-reader.ts';
import { readTextFile } from './read-file.ts';

/** Reads texts from the disk of this machine. */
export function createTextReader(): TextReader {
  return { readFile: readTextFile };
}
