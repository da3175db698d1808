/** Which store answers for which Azure Key Vault, so that task files with URLs of vaults run where there is no Azure. */
import { isVaultPath } from './secret-address.ts';

/** The store that has the secrets of a vault, under the same names. */
export type KeyVaultTarget =
  | { readonly kind: 'environment' | 'file' | 'folder' }
  /** `asFields`: the names are fields of the one secret at `path`, not secrets below it. */
  | { readonly kind: 'hashicorp-vault'; readonly path: string; readonly asFields: boolean }
  /** The vault itself; `url` when it answers at another address, without a trailing slash. */
  | { readonly kind: 'azure'; readonly url: string | undefined };

/** Targets by the host of the vault, in lower case; `*` is every other one. */
export type KeyVaults = ReadonlyMap<string, KeyVaultTarget>;

/** The vaults that a text names, or everything that is wrong with it. */
export interface ReadKeyVaults {
  readonly keyVaults: KeyVaults;
  /** Ends of a sentence that begins with the name of the setting. */
  readonly problems: readonly string[];
}

const HOST = /^(?:\*|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)$/;

/**
 * Reads what an installation sets: `HOST=STORE` joined with commas, where a store is `env`, `file`, `folder`,
 * `vault:PATH` (secrets below a path), `vault:PATH#` (fields of one secret), `azure` or `azure:URL`.
 */
export function parseKeyVaults(text: string): ReadKeyVaults {
  const keyVaults = new Map<string, KeyVaultTarget>();
  const problems: string[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const equals = entry.indexOf('=');
    const host = entry.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const target = readTarget(entry.slice(equals + 1).trim());
    if (equals < 0) problems.push(`has "${entry}", which is not HOST=STORE`);
    else if (!HOST.test(host)) problems.push(`has "${host}", which is not the host of a vault`);
    else if (keyVaults.has(host)) problems.push(`names "${host}" twice`);
    else if (target === undefined) problems.push(`has no known store for "${host}": ${STORES}`);
    else keyVaults.set(host, target);
  }
  return { keyVaults, problems };
}

const STORES = 'use env, file, folder, vault:PATH, vault:PATH#, azure or azure:URL';

function readTarget(text: string): KeyVaultTarget | undefined {
  const colon = text.indexOf(':');
  const [kind, rest] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
  switch (kind) {
    case 'env':
      return rest === undefined ? { kind: 'environment' } : undefined;
    case 'file':
    case 'folder':
      return rest === undefined ? { kind } : undefined;
    case 'vault': {
      const asFields = rest?.endsWith('#') ?? false;
      const path = rest?.replace(/\/?#?$/, '') ?? '';
      return isVaultPath(path) ? { kind: 'hashicorp-vault', path, asFields } : undefined;
    }
    case 'azure':
      if (rest === undefined) return { kind, url: undefined };
      return /^https?:\/\/[^\s/?#@]+$/.test(rest.replace(/\/$/, ''))
        ? { kind, url: rest.replace(/\/$/, '') }
        : undefined;
    default:
      return undefined;
  }
}
