/** How a registry wants to be signed in to, from the WWW-Authenticate header of a 401 (RFC 9110, section 11). */
export type Challenge =
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer';
      /** Where a token is to be had. */
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** Reads the header; a registry that offers several ways gets a token rather than a password. Undefined: none we know. */
export function parseChallenge(header: string): Challenge | undefined {
  const challenges = split(header);
  for (const { scheme, parameters } of challenges) {
    const realm = parameters.get('realm');
    if (scheme !== 'bearer' || realm === undefined) continue;
    return { kind: 'bearer', realm, service: parameters.get('service'), scope: parameters.get('scope') };
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { kind: 'basic' } : undefined;
}

interface Part {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** A word is a scheme, `name=value` and `name="value"` belong to the scheme before them. */
const TOKEN = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

function split(header: string): readonly Part[] {
  const parts: Part[] = [];
  for (const [, name = '', quoted, plain] of header.matchAll(TOKEN)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) parts.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else parts.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return parts;
}
