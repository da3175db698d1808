import { RegistryError } from '../../ports/registry-client.ts';
import type { Answer } from './exchange.ts';

const MAX_BYTES = 4 * 1024 * 1024;
/** A body up to this size is read to its end rather than cut, so that its connection stays good. */
const MAX_DRAINED_BYTES = 64 * 1024;

/** The body of a small answer. Rejects with a RegistryError when it has more than 4 MiB or breaks off. */
export async function readBody({ body, url }: Answer, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      size += part.length;
      if (size > MAX_BYTES) throw new RegistryError(`${url.host} sends more than ${MAX_BYTES} bytes in one answer.`);
      parts.push(part);
    }
  } catch (error) {
    throw brokenOff(error, url, signal);
  }
  return Buffer.concat(parts);
}

/** Why a body did not come to its end: `signal.reason`, or a RegistryError. */
export function brokenOff(error: unknown, { host }: URL, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return error instanceof RegistryError ? error : new RegistryError(`${host} broke off its answer.`, { cause: error });
}

/** Lets go of an answer whose body nobody reads. */
export function discard({ headers, body }: Answer): void {
  const size = Number(headers['content-length'] ?? Number.NaN);
  if (('complete' in body && body.complete === true) || size <= MAX_DRAINED_BYTES) body.resume();
  else body.destroy();
}

/** What a registry has against a request, in its own words when it gives them. */
export async function refusal(answer: Answer, what: string, signal: AbortSignal): Promise<RegistryError> {
  const { status, url } = answer;
  const said = wordsOf(await readBody(answer, signal));
  const message = `${url.host} refused to ${what} (${status}${said === undefined ? '' : `: ${said}`}).`;
  return new RegistryError(message, { status });
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
