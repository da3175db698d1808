import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Answers what an address is when it must not be contacted, as the end of a sentence; undefined: it may be. */
export type AddressCheck = (address: string) => string | undefined;

/** Finds all addresses of a host, as `lookup` of `node:dns` does with `all`. */
export type Resolve = (
  host: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** How addresses of hosts are found outside of tests. */
export const resolveByName: Resolve = lookup;

/** A host leads where nobody may send it. The message is the end of a sentence that begins with the host. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';

  constructor(address: string, what: string, isNamed: boolean) {
    super(isNamed ? `leads to ${address}, which is ${what}` : `is ${what}`);
  }
}

/** Throws `Forbidden` when a host is an address that must not be contacted: for an address nothing is looked up. */
export function checkLiteral(host: string, check: AddressCheck): void {
  const what = isIP(host) === 0 ? undefined : check(host);
  if (what !== undefined) throw new Forbidden(host, what, false);
}

/**
 * A `lookup` for a socket that fails with `Forbidden` when any address of the host must not be contacted. The socket
 * connects to the very addresses that were checked, so a name that resolves to something else a moment later does no
 * harm.
 */
export function guardedLookup(check: AddressCheck, resolve: Resolve): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return done(error ?? noAddress(host), '', 0);
      for (const { address } of addresses) {
        const what = check(address);
        if (what !== undefined) return done(new Forbidden(address, what, true), '', 0);
      }
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

function noAddress(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
}

/** Why a host must not be contacted, as `Forbidden` says it; undefined: it may be, or has no address at all. */
export async function forbiddenHost(host: string, check: AddressCheck, resolve: Resolve): Promise<string | undefined> {
  try {
    checkLiteral(host, check);
    if (isIP(host) === 0)
      await new Promise((found, fail) =>
        guardedLookup(check, resolve)(host, {}, (error) => (error ? fail(error) : found(undefined))),
      );
    return undefined;
  } catch (error) {
    return error instanceof Forbidden ? error.message : undefined;
  }
}
