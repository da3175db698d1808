import { stat } from 'node:fs/promises';
import { createIgnore } from '../../core/ignore.ts';
import { type Result, success } from '../../core/result.ts';
import type { FoundDockerfile } from './dockerfile.ts';
import { type SourceEntry, type SourceListing, toListing } from './entry.ts';
import { IGNORE_FILE, readIgnoreRules } from './ignore-rules.ts';
import { listFolder } from './walk.ts';

/** The name under which a Dockerfile from outside of the context is sent; numbered when the context has such a file. */
const RESERVED = '.slipway.Dockerfile';

/** What will be sent, and where the Dockerfile is in it (undefined for sources of tasks). */
export interface PreparedSource {
  readonly listing: SourceListing;
  readonly dockerfile: string | undefined;
}

/**
 * Lists what is to be sent from a context folder by Docker's rules: `<Dockerfile>.dockerignore` beside the Dockerfile
 * if there is one, else `.dockerignore` of the context. The Dockerfile and the ignore file are sent in any case, since
 * the build reads them itself. `dockerfile` is undefined for a task; `kept` are further paths that must not be ignored.
 */
export async function prepareSource(
  directory: string,
  dockerfile: FoundDockerfile | undefined,
  kept: readonly string[],
  signal?: AbortSignal,
): Promise<Result<PreparedSource>> {
  const rules = await readIgnoreRules(directory, dockerfile?.file);
  if (!rules.ok) return rules;
  const alwaysSent = [IGNORE_FILE, ...kept, ...alwaysSentOf(dockerfile)];
  const listed = await listFolder(directory, createIgnore(rules.value.text, alwaysSent), signal);
  if (!listed.ok) return listed;
  if (dockerfile === undefined || dockerfile.pathInSource !== undefined) {
    return success({ listing: toListing(listed.value), dockerfile: dockerfile?.pathInSource }, listed.warnings);
  }
  const name = freeName(listed.value);
  const extra = [await fileEntry(dockerfile.file, name)];
  if (rules.value.specific !== undefined) extra.push(await fileEntry(rules.value.specific, `${name}${IGNORE_FILE}`));
  return success({ listing: toListing([...listed.value, ...extra]), dockerfile: name }, listed.warnings);
}

function alwaysSentOf(dockerfile: FoundDockerfile | undefined): readonly string[] {
  const inSource = dockerfile?.pathInSource;
  return inSource === undefined ? [] : [inSource, `${inSource}${IGNORE_FILE}`];
}

function freeName(entries: readonly SourceEntry[]): string {
  const taken = new Set(entries.map((entry) => entry.path));
  let name = RESERVED;
  for (let number = 1; taken.has(name); number += 1) name = `.slipway.${number}.Dockerfile`;
  return name;
}

async function fileEntry(file: string, entryPath: string): Promise<SourceEntry> {
  const found = await stat(file);
  return { kind: 'file', path: entryPath, file, bytes: found.size, mode: found.mode & 0o7777, modifiedAt: found.mtime };
}
