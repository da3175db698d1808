import { parseVaultUrl } from '../../../src/core/secret/vault-url.ts';

/** The URL of a vault's secret: `{ url }` → where the secret lies. */
export function vaultUrlOutcome({ url }: Readonly<Record<string, unknown>>): unknown {
  const parsed = parseVaultUrl(String(url));
  if (parsed.kind === 'invalid') return { valid: false, errorKinds: ['vault-url-invalid'] };
  const { vault, audience, secret, version } = parsed;
  return { valid: true, vault, audience, secret, version };
}
