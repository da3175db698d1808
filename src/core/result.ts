import type { Diagnostic } from '../../task-schemas/index.ts';

/**
 * What a decision over a user's text gives: a value with the warnings found on the way, or every error found.
 * `diagnostics` of a failed result has at least one error and may have warnings too.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A successful result. */
export function success<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

/** A failed result. */
export function failure<T = never>(diagnostics: readonly Diagnostic[]): Result<T> {
  return { ok: false, diagnostics };
}
