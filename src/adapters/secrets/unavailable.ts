import type { UnavailableSecret } from '../../ports/secret-source.ts';

/** Why a secret has no value; see `UnavailableSecret`. */
export function unavailable(reason: string, hint: string): UnavailableSecret {
  return { kind: 'unavailable', reason, hint };
}

/** The code of an error of the system; its message would name folders of this machine. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault';
}
