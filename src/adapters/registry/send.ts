import { RegistryError } from '../../ports/registry-client.ts';

/** One request; bodies are whole, so that it can be sent again with a token. */
export interface Sent {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** How long a registry may take until the headers of its answer are there. */
const SILENCE_MS = 30_000;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Sends a request and answers with the response, whose body is the receiver's to read or cancel. Reading follows
 * redirects (to where blobs are stored; the library leaves the password out on another host), writing does not. Rejects
 * with a RegistryError when no answer comes, or with `signal.reason`.
 */
export async function send({ method, url, headers, body }: Sent, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    return await fetch(url, {
      method,
      headers: { 'User-Agent': 'slipway', ...headers },
      redirect: method === 'GET' || method === 'HEAD' ? 'follow' : 'manual',
      signal: AbortSignal.any([signal, silence.signal]),
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new RegistryError(`${url.host} cannot be reached: ${reasonOf(error, silence.signal)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The body of a small answer. Rejects with a RegistryError when it has more than 4 MiB or breaks off. */
export async function readBody(response: Response, signal: AbortSignal): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const { host } = new URL(response.url);
  try {
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > MAX_BYTES) throw new RegistryError(`${host} sends more than ${MAX_BYTES} bytes for a manifest.`);
      parts.push(part);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RegistryError) throw error;
    throw new RegistryError(`${host} broke off its answer.`, { cause: error });
  }
  return Buffer.concat(parts);
}

/** Lets go of an answer whose body nobody reads. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

/** What a registry has against a request, in its own words when it gives them. */
export async function refusal(response: Response, what: string, signal: AbortSignal): Promise<RegistryError> {
  const { status } = response;
  const said = wordsOf(await readBody(response, signal)) ?? response.statusText;
  const { host } = new URL(response.url);
  return new RegistryError(`${host} refused to ${what} (${status}${said === '' ? '' : `: ${said}`}).`, { status });
}

/** The messages of `{"errors":[{"code","message"}]}`, the form of OCI distribution. */
function wordsOf(body: Buffer): string | undefined {
  try {
    const { errors } = JSON.parse(body.toString('utf8')) as { errors?: unknown };
    if (!Array.isArray(errors)) return undefined;
    const texts = errors.map((error: { message?: unknown; code?: unknown }) => error.message || error.code);
    return texts.filter((text) => typeof text === 'string').join(', ') || undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, silence: AbortSignal): string {
  if (silence.aborted) return `it does not answer within ${SILENCE_MS / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message : String(cause);
}
