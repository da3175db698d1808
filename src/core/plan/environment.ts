/** Merging environments (reference, section 1.4). */

/** A list of KEY=VALUE, or the entry of `inherited` or `own` that is not one. */
export type MergedEnvironment =
  | { readonly kind: 'merged'; readonly env: readonly string[] }
  | { readonly kind: 'invalid'; readonly of: 'own' | 'inherited'; readonly index: number; readonly piece: string };

/**
 * `own` entries as they are, then the inherited ones whose key is not among them. Inherited entries are split at
 * commas; own ones never are. Own entries are only checked when there is something to inherit: alone, `KEY` without a
 * value is left to the container engine.
 */
export function mergeEnvironment(own: readonly string[], inherited: readonly string[]): MergedEnvironment {
  if (inherited.length === 0) return { kind: 'merged', env: own };
  const wrong = own.findIndex((entry) => !entry.includes('='));
  if (wrong >= 0) return { kind: 'invalid', of: 'own', index: wrong, piece: own[wrong] ?? '' };
  const keys = new Set(own.map(keyOf));
  const env = [...own];
  for (const [index, entry] of inherited.entries()) {
    for (const piece of entry.split(',')) {
      if (!piece.includes('=')) return { kind: 'invalid', of: 'inherited', index, piece };
      if (!keys.has(keyOf(piece))) env.push(piece);
    }
  }
  return { kind: 'merged', env };
}

function keyOf(entry: string): string {
  return entry.slice(0, entry.indexOf('='));
}
