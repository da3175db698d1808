/** Options of a request to make something: what the client library sends, and where. */
type InBody<T> = T & { readonly _query: Readonly<Record<string, string>>; readonly _body: T };

/**
 * Options for the client library that go into the body of the request alone. Left to itself it writes them into the URL
 * as well: environment and commands would stand in access logs, and long ones would not fit.
 */
export function inBody<T extends object>(body: T, query: Readonly<Record<string, string>> = {}): InBody<T> {
  return { ...body, _query: query, _body: body };
}
