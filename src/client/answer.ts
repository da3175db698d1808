/** What the answer of a server means; tells Slipway's answers from those of something else that listens there. */
import type { ApiError } from '../../task-schemas/index.ts';
import { ApiFailure, ServerUnreachable } from './failures.ts';

/** The error behind an answer that is not a success: Slipway's own, or that something else answered. */
export async function failureOf(server: string, response: Response): Promise<ApiFailure | ServerUnreachable> {
  const body = parsed(await response.text());
  if (isApiError(body)) return new ApiFailure(response.status, body);
  return somethingElse(server, response.status, response.headers.get('content-type') ?? '');
}

/** The JSON object of a successful answer; rejects with `ServerUnreachable` when it is none or lacks `key`. */
export async function objectOf<T extends object>(
  server: string,
  response: Response,
  key: keyof T & string,
): Promise<T> {
  const body = parsed(await response.text());
  if (hasKey<T>(body, key)) return body;
  throw somethingElse(server, response.status, response.headers.get('content-type') ?? '');
}

/** The error for an answer that no Slipway server gives. */
export function somethingElse(server: string, status: number, contentType: string): ServerUnreachable {
  const what = contentType === '' ? 'no content type' : `content of type ${contentType.split(';', 1)[0]}`;
  return new ServerUnreachable(
    server,
    `something that is not Slipway answered there, with status ${status} and ${what}`,
    status >= 500
      ? 'If a proxy stands before the server, see whether the server behind it runs.'
      : 'Check the address and, if a proxy or a login page stands before the server, that it lets API requests through.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One telling property is enough: a server that sends it speaks our API, whose shapes its own tests hold. */
function hasKey<T extends object>(value: unknown, key: keyof T & string): value is T {
  return typeof value === 'object' && value !== null && key in value;
}

function isApiError(value: unknown): value is ApiError {
  if (!hasKey<ApiError>(value, 'requestId')) return false;
  return typeof value.code === 'string' && typeof value.message === 'string' && typeof value.hint === 'string';
}
