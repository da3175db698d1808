/** Closes a switch over a union: the compiler rejects the call when a member is not handled. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unhandled case ${JSON.stringify(value)}`);
}
