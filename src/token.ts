import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The token of an installation that was given none, and the file that holds it. */
export interface InstallationToken {
  readonly token: string;
  readonly file: string;
}

/** Reads the token of a data folder, or makes one there that only this user can read. */
export async function installationToken(dataDirectory: string): Promise<InstallationToken> {
  const file = path.join(dataDirectory, 'token');
  await mkdir(dataDirectory, { recursive: true });
  const token = (await readToken(file)) ?? (await makeToken(file));
  if (token.length < 16) throw new Error(`${file} holds no token. Delete it; a new one is made at the next start.`);
  return { token, file };
}

async function readToken(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Several processes may start at once: each writes a token of its own under another name, and the first to link it to
 * `file` decides. So `file` is there whole or not at all.
 */
async function makeToken(file: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
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
