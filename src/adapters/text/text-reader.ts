import { addressProblem } from '../../core/policy/address.ts';
import { resolveByName } from '../../net/guard.ts';
import type { TextReader } from '../../ports/text-reader.ts';
import { type FetchDeps, fetchText } from './fetch-text.ts';
import { readTextFile } from './read-file.ts';

const TIMEOUT_MS = 5_000;

/** Reads texts from the disk of this machine and from the public internet; `changed` is for tests. */
export function createTextReader(changed: Partial<FetchDeps> = {}): TextReader {
  const deps = { check: addressProblem, resolve: resolveByName, timeoutMs: TIMEOUT_MS, ...changed };
  return { readFile: readTextFile, fetch: (url, signal) => fetchText(url, deps, signal) };
}
