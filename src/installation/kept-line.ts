import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The one line of a file in the data folder; `make` gives it when there is no such file yet. Only this user can read it.
 */
export async function keptLine(file: string, make: () => string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  return (await readLine(file)) ?? (await makeLine(file, make()));
}

async function readLine(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Several processes may start at once: each writes a line of its own under another name, and the first to link it to
 * `file` decides. So `file` is there whole or not at all.
 */
async function makeLine(file: string, line: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${line}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return (await readFile(file, 'utf8')).trim();
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
