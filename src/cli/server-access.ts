import type { Diagnostic } from '../../task-schemas/index.ts';
import { createClient, type SlipwayClient } from '../client/client.ts';
import { plainError } from '../core/diagnostic.ts';
import type { Result } from '../core/result.ts';
import { failure, success } from '../core/result.ts';
import { type Credentials, credentialsPath, readCredentials } from './login/credentials.ts';
import type { Terminal } from './terminal.ts';

/** What the options `--server` and `--token` gave. */
export interface ServerFlags {
  readonly server?: string;
  readonly token?: string;
}

/** The server to talk to and the token for it, which may be missing. */
export interface ServerAccess {
  readonly server: string;
  readonly token: string | undefined;
}

/** A client for the server that flags, environment or the stored login name; missing or malformed: the cure. */
export async function openClient(flags: ServerFlags, terminal: Terminal): Promise<Result<SlipwayClient>> {
  const access = await findAccess(flags, terminal);
  if (!access.ok) return access;
  if (access.value.token === undefined) return failure([missingToken(access.value.server)]);
  return success(createClient(access.value));
}

/** Looks for server and token: each in the flags, then SLIPWAY_SERVER and SLIPWAY_TOKEN, then the stored login. */
export async function findAccess(flags: ServerFlags, terminal: Terminal): Promise<Result<ServerAccess>> {
  const server = nonEmpty(flags.server) ?? nonEmpty(terminal.env.SLIPWAY_SERVER);
  const token = nonEmpty(flags.token) ?? nonEmpty(terminal.env.SLIPWAY_TOKEN);
  if (server !== undefined && token !== undefined) return checkServer({ server, token });
  const stored = await readCredentials(credentialsPath(terminal));
  if (!stored.ok) return stored;
  return withStored(server, token, stored.value);
}

function withStored(
  server: string | undefined,
  token: string | undefined,
  stored: Credentials | undefined,
): Result<ServerAccess> {
  const found = server ?? stored?.server;
  if (found === undefined) return failure([missingServer()]);
  const checked = checkServer({ server: found, token });
  if (!checked.ok || token !== undefined) return checked;
  // A stored token is for the server it was stored with: another one must never see it.
  return success({
    server: checked.value.server,
    token: stored?.server === checked.value.server ? stored.token : undefined,
  });
}

function checkServer({ server, token }: ServerAccess): Result<ServerAccess> {
  const origin = normaliseServer(server);
  return origin === undefined ? failure([badServer(server)]) : success({ server: origin, token });
}

/** A server's URL without a slash at its end; undefined when it is no http(s) URL. */
export function normaliseServer(server: string): string | undefined {
  if (!/^https?:\/\//i.test(server) || !URL.canParse(server)) return undefined;
  const { origin, pathname } = new URL(server);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function badServer(server: string): Diagnostic {
  return plainError(
    'bad-server',
    `The server "${server}" is not a URL.`,
    `Write it with its scheme, for example http://${server.replace(/^[a-z]+:\/\//i, '') || 'localhost:8080'}`,
  );
}

function missingServer(): Diagnostic {
  return plainError(
    'no-server',
    'No server is set.',
    'Log in once with `slipway login --server URL --token-stdin`, or set SLIPWAY_SERVER and SLIPWAY_TOKEN, or give --server and --token.\n' +
      '`slipway up` starts a server on this machine and prints both.',
  );
}

function missingToken(server: string): Diagnostic {
  return plainError(
    'no-token',
    `No token is set for ${server}.`,
    `Log in once with \`slipway login --server ${server} --token-stdin\`, or set SLIPWAY_TOKEN, or give --token.`,
  );
}
