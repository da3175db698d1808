import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { plainError } from '../../core/diagnostic.ts';
import type { Result } from '../../core/result.ts';
import { failure, success } from '../../core/result.ts';
import { systemErrorCode } from '../system-error.ts';
import type { Terminal } from '../terminal.ts';

/** A stored login. */
export interface Credentials {
  /** Origin of the server, without a slash at its end. */
  readonly server: string;
  readonly token: string;
}

/**
 * Where the login is stored: `slipway/credentials.json` in %APPDATA% on Windows, else in $XDG_CONFIG_HOME, else in
 * ~/.config. A relative XDG_CONFIG_HOME is ignored, as the XDG base directory specification says.
 */
export function credentialsPath({ env, home, platform }: Pick<Terminal, 'env' | 'home' | 'platform'>): string {
  if (platform === 'win32' && env.APPDATA) return path.join(env.APPDATA, 'slipway', 'credentials.json');
  const xdg = env.XDG_CONFIG_HOME;
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.config');
  return path.join(base, 'slipway', 'credentials.json');
}

/** The stored login, or undefined when there is none. A file that cannot be used gives a diagnostic. */
export async function readCredentials(file: string): Promise<Result<Credentials | undefined>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return success(undefined);
    return failure([unusable(file, 'it cannot be read', error)]);
  }
  const credentials = parseCredentials(text);
  return credentials === undefined ? failure([unusable(file, 'it is not a stored login')]) : success(credentials);
}

/** Stores a login so that only its owner can read it; a crash leaves the old one or the new one, never a part. */
export async function writeCredentials(file: string, credentials: Credentials): Promise<void> {
  const temporary = `${file}.new`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  // Left by a crash, perhaps with another mode: `mode` counts only for a file that open creates.
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(credentials, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(temporary, 0o600);
  await rename(temporary, file);
}

/** Forgets the stored login; answers whether there was one. */
export async function removeCredentials(file: string): Promise<boolean> {
  try {
    await rm(file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function parseCredentials(text: string): Credentials | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('server' in value) || !('token' in value)) return undefined;
    const { server, token } = value;
    return typeof server === 'string' && typeof token === 'string' ? { server, token } : undefined;
  } catch {
    return undefined;
  }
}

function unusable(file: string, why: string, error?: unknown) {
  const cause = error instanceof Error ? ` (${error.message})` : '';
  return plainError(
    'bad-credentials',
    `The stored login ${file} cannot be used: ${why}${cause}.`,
    'Run `slipway login` again, or `slipway logout` to forget it.',
  );
}
