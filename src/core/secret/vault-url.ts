/**
 * URLs of secrets in an Azure Key Vault (reference, section 6.7): `https://VAULT/secrets/NAME[/VERSION]`. A trailing
 * slash, a query and a fragment mean nothing, and the whole URL counts in lower case, as names in a vault do.
 */

/** Where a secret lies. */
export interface VaultSecret {
  /** Scheme and host, without a trailing slash. */
  readonly vault: string;
  /** What a token must be for: scheme and host without its first label; of a host of one label, the host itself. */
  readonly audience: string;
  readonly secret: string;
  /** '' is the newest one. */
  readonly version: string;
}

/** What `parseVaultUrl` gives; `hint` says how to put it right. */
export type ParsedVaultUrl =
  | ({ readonly kind: 'valid' } & VaultSecret)
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string };

const SHAPE = 'Write https://VAULT/secrets/NAME, or https://VAULT/secrets/NAME/VERSION.';

/** Host names and IPv4 addresses, with an optional port. */
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$/;

/** What a vault takes as the name of a secret or of a version. */
const NAME = /^[a-z0-9-]{1,127}$/;

/** Reads the URL of a secret. Messages never show a user name or password that stands in it. */
export function parseVaultUrl(text: string): ParsedVaultUrl {
  if (text === '') return invalid('The URL of the secret is empty');
  const url = text.toLowerCase();
  const [, host = '', path = ''] = /^https:\/\/([^/?#]*)([^?#]*)/.exec(url) ?? [];
  if (url.includes('@')) {
    const hint = 'Leave out what stands before the @: the worker signs in with its own identity.';
    return invalid('The URL of the secret has an @ in it, as behind a user name or password', hint);
  }
  if (!url.startsWith('https://')) return invalid(`"${text}" does not begin with https://`);
  if (!HOST.test(host)) return invalid(`"${text}" has no host that could be a vault`);
  return readPath(path.replace(/\/$/, '').split('/').slice(1), host, text);
}

/**
 * One text for all URLs that mean the same secret: lower case, without a trailing slash, a query or a fragment. What is
 * no URL of a secret in a vault means only itself.
 */
export function canonicalSecretUrl(text: string): string {
  const url = parseVaultUrl(text);
  if (url.kind === 'invalid') return text;
  return [url.vault, 'secrets', url.secret, ...(url.version === '' ? [] : [url.version])].join('/');
}

function readPath(parts: readonly string[], host: string, text: string): ParsedVaultUrl {
  const [collection, secret, version, ...more] = parts;
  if (collection !== undefined && collection !== 'secrets') {
    return invalid(`"${text}" names something of the collection "${collection}", not a secret`);
  }
  if (secret === undefined) return invalid(`"${text}" does not name a secret`);
  if (more.length > 0) return invalid(`"${text}" goes on behind the version of the secret`);
  for (const [what, name] of [['secret', secret] as const, ['version', version] as const]) {
    if (name === undefined || NAME.test(name)) continue;
    const hint = `${SHAPE} Names have 1 to 127 letters, digits and hyphens.`;
    return invalid(`"${name}" in "${text}" is not the name of a ${what}`, hint);
  }
  return {
    kind: 'valid',
    vault: `https://${host}`,
    audience: `https://${host.slice(host.indexOf('.') + 1)}`,
    secret,
    version: version ?? '',
  };
}

function invalid(reason: string, hint = SHAPE): ParsedVaultUrl {
  return { kind: 'invalid', reason, hint };
}
