import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
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
  // Two processes may start at once: only one creates the file, both read what it holds.
  await writeFile(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  const token = (await readFile(file, 'utf8')).trim();
  if (token.length < 16) throw new Error(`${file} holds no token. Delete it; a new one is made at the next start.`);
  return { token, file };
}
