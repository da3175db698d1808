import { unreachable } from '../unreachable.ts';
import type { KeyVaults, KeyVaultTarget } from './key-vaults.ts';
import { type SecretAddress, USUAL_FIELD } from './secret-address.ts';
import type { VaultSecret } from './vault-url.ts';

/** Where to ask for a secret. */
export type SecretPlace =
  | { readonly kind: 'environment' | 'file' | 'folder'; readonly name: string }
  | { readonly kind: 'hashicorp-vault'; readonly path: string; readonly field: string }
  /** `url` is scheme and host of the vault; `audience` is what a token must be for; `version` '' is the newest. */
  | {
      readonly kind: 'azure';
      readonly url: string;
      readonly audience: string;
      readonly secret: string;
      readonly version: string;
    };

/** A place, or why there is none: `reason` goes on after a colon, `hint` is for whoever runs the worker. */
export type LocatedSecret =
  | { readonly kind: 'found'; readonly place: SecretPlace }
  | { readonly kind: 'unknown'; readonly reason: string; readonly hint: string };

/** Hosts of vaults in the clouds of Azure. A token of the worker goes to no other host, unless its operator says so. */
const AZURE =
  /^[a-z0-9-]+\.(?:vault\.azure\.net|managedhsm\.azure\.net|vault\.azure\.cn|vault\.usgovcloudapi\.net|vault\.microsoftazure\.de)$/;

/**
 * Decides where a secret lies. The secrets of an Azure Key Vault are in the store that the installation names for its
 * host, else in the vault itself. The version in a URL counts in Azure only: other stores have the current value.
 */
export function locateSecret(address: SecretAddress, keyVaults: KeyVaults): LocatedSecret {
  if (address.kind !== 'key-vault') return { kind: 'found', place: address };
  const host = address.vault.replace(/^https:\/\//, '');
  const target = keyVaults.get(host) ?? keyVaults.get('*');
  if (target !== undefined) return { kind: 'found', place: placeIn(target, address) };
  if (AZURE.test(host)) return { kind: 'found', place: placeIn({ kind: 'azure', url: undefined }, address) };
  return {
    kind: 'unknown',
    reason: `the worker does not know the vault ${host}`,
    hint: `Say on the worker which store has its secrets: SLIPWAY_KEY_VAULTS=${host}=folder, for example.`,
  };
}

function placeIn(target: KeyVaultTarget, { vault, audience, secret, version }: VaultSecret): SecretPlace {
  switch (target.kind) {
    case 'environment':
      return { kind: 'environment', name: secret.toUpperCase().replaceAll('-', '_') };
    case 'file':
    case 'folder':
      return { kind: target.kind, name: secret };
    case 'hashicorp-vault':
      return target.asFields
        ? { kind: 'hashicorp-vault', path: target.path, field: secret }
        : { kind: 'hashicorp-vault', path: `${target.path}/${secret}`, field: USUAL_FIELD };
    case 'azure':
      return { kind: 'azure', url: target.url ?? vault, audience, secret, version };
    default:
      return unreachable(target);
  }
}
