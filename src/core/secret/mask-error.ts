/** Causes of causes are followed to this depth: a chain may lead back to its beginning. */
const MAX_DEPTH = 10;

/**
 * The same error with secrets hidden in message, stack and code, as its causes are. Of what else an error may carry (a
 * request with its headers, say) nothing is kept, since it may be of any shape. Whatever was thrown becomes an error.
 */
export function maskError(error: unknown, hide: (text: string) => string): Error {
  return masked(error, hide, MAX_DEPTH);
}

function masked(error: unknown, hide: (text: string) => string, depth: number): Error {
  if (!(error instanceof Error)) return new Error(hide(String(error)));
  const hasCause = error.cause !== undefined && depth > 0;
  const copy = new Error(hide(error.message), hasCause ? { cause: masked(error.cause, hide, depth - 1) } : {});
  copy.name = error.name;
  // Where it was thrown, not where it is masked.
  copy.stack = hide(error.stack ?? `${error.name}: ${error.message}`);
  if ('code' in error && typeof error.code === 'string') Object.assign(copy, { code: hide(error.code) });
  if (!(error instanceof AggregateError) || depth === 0) return copy;
  return Object.assign(copy, { errors: error.errors.map((each) => masked(each, hide, depth - 1)) });
}
