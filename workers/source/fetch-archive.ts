import { mkdir, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { basicAuthorization, loginFor } from '../../src/core/source/credentials.ts';
import { shownAddress } from '../../src/core/source/git-address.ts';
import type { HttpAnswer } from '../../src/ports/http-getter.ts';
import type { RemoteDeps, RemoteFetch } from './fetch-remote.ts';
import { unpack } from './unpack.ts';
import { UnusableSource } from './unusable-source.ts';

/** How often a download that breaks off is begun in all; answers are asked for again by the one who asks. */
const TRIES = 3;

/** How much of the body of a refusal is shown. */
const MAX_SHOWN = 200;

/** Downloads a tar archive and unpacks it into the folder. Rejects as `fetchRemote` does. */
export async function fetchArchive(
  url: string,
  fetch: RemoteFetch,
  deps: RemoteDeps,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const answer = await download(new URL(url), fetch, deps, signal);
    try {
      await unpack(answer.body, fetch.folder, deps.limits, signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isBrokenOff(error)) throw error;
      if (tries === TRIES) throw brokenOff(url, error);
      fetch.note(`warning: The download of ${shownAddress(url)} broke off; trying again`);
      await rm(fetch.folder, { recursive: true, force: true });
      await mkdir(fetch.folder, { mode: 0o700 });
    }
  }
}

async function download(url: URL, fetch: RemoteFetch, deps: RemoteDeps, signal: AbortSignal): Promise<HttpAnswer> {
  const authorize = (at: URL) => {
    const login = (at.origin === url.origin ? fetch.login : undefined) ?? loginFor(deps.credentials, at);
    return login === undefined ? undefined : basicAuthorization(login);
  };
  const answer = await deps.http.get(url, { authorize }, signal);
  const shown = shownAddress(url.href);
  if (answer.kind === 'unreachable') throw new UnusableSource(`The archive ${shown} ${answer.reason}.`, answer.hint);
  if (answer.status >= 200 && answer.status < 300) return answer;
  const {
    status,
    body,
    url: { host },
  } = answer;
  const said = await beginning(body);
  const hint =
    status === 401 || status === 403 || status === 404
      ? `Check the URL. If it is private, put a token for ${host} into SLIPWAY_SOURCE_CREDENTIALS of the workers.`
      : 'Check the URL, or try again later.';
  throw new UnusableSource(`${host} answers with the status ${status} for the archive ${shown}${said}.`, hint);
}

/** What a server says, as the end of a sentence without its dot; signs that could move a cursor are left out. */
async function beginning(body: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of body) {
      text += chunk.toString('utf8');
      if (text.length >= MAX_SHOWN) break;
    }
  } catch {
    // What came before it broke off is good enough.
  }
  body.destroy();
  const plain = text
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ')
    .trim()
    .slice(0, MAX_SHOWN);
  return plain === '' ? '' : `: ${plain}`;
}

function isBrokenOff(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code);
}

function brokenOff(url: string, cause: unknown): UnusableSource {
  const message = `The download of ${shownAddress(url)} broke off ${TRIES} times.`;
  return new UnusableSource(message, 'Try again later, or put the archive on a server that is nearer.', { cause });
}
