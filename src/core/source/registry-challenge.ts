/** How a registry wants to be signed in to: its `WWW-Authenticate` header (RFC 9110, section 11.6.1). */

/** What is asked for. `url` is where a token is to be had, for what was asked for only. */
export type Challenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly url: URL }
  | { readonly kind: 'unknown' };

/** Reads the header. A bearer token without a usable realm is unknown. */
export function readChallenge(header: string): Challenge {
  if (/^basic\b/i.test(header)) return { kind: 'basic' };
  if (!/^bearer\s/i.test(header)) return { kind: 'unknown' };
  const fields = new Map(
    [...header.matchAll(/([a-z]+)="([^"]*)"/gi)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const realm = fields.get('realm') ?? '';
  if (!/^https?:\/\//i.test(realm) || !URL.canParse(realm)) return { kind: 'unknown' };
  const url = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = fields.get(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return { kind: 'bearer', url };
}
