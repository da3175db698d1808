import type { Readable } from 'node:stream';

/** What a server answered in the end. Whoever gets it reads the body to its end or destroys it. */
export interface HttpAnswer {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
  /** Where it was found, after redirects. */
  readonly url: URL;
  /** The address that answered. */
  readonly address: string;
}

/** No answer: the reason is the end of a sentence that begins with what was asked for, and shows no path or query. */
export interface HttpUnreachable {
  readonly kind: 'unreachable';
  readonly reason: string;
  readonly hint: string;
}

/** What a request says besides its URL. */
export interface HttpRequest {
  /** The `Authorization` header for a URL: asked anew for every redirect, so that a host only ever sees its own. */
  authorize(url: URL): string | undefined;
  readonly accept?: string;
}

/**
 * Asks servers for what tasks name.
 *
 * - Redirects are followed, a few of them, but never from https to http.
 * - No answer and statuses from 500 on are tried three times in all, with growing pauses; all other answers at once. The
 *   last one counts.
 * - Addresses that nobody may contact are `unreachable`, wherever a name or a redirect leads.
 * - Rejects with `signal.reason` only. The body is cut when the signal aborts, and when nothing comes for a minute.
 */
export interface HttpGetter {
  get(url: URL, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer | HttpUnreachable>;
}
