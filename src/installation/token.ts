import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { keptLine } from './kept-line.ts';

/** The token of an installation that was given none, and the file that holds it. */
export interface InstallationToken {
  readonly token: string;
  readonly file: string;
}

/** Reads the token of a data folder, or makes one there that only this user can read. */
export async function installationToken(dataDirectory: string): Promise<InstallationToken> {
  const file = path.join(dataDirectory, 'token');
  const token = await keptLine(file, () => randomBytes(24).toString('base64url'));
  if (token.length < 16) throw new Error(`${file} holds no token. Delete it; a new one is made at the next start.`);
  return { token, file };
}
