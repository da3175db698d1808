import path from 'node:path';
import type { SecretValues } from '../../core/plan/task-secrets.ts';
import type { SecretProviders } from '../../core/secret/secret-providers.ts';
import { canonicalSecretUrl } from '../../core/secret/vault-url.ts';
import type { SecretSource } from '../../ports/secret-source.ts';

/** A source that has the values of `--secret-values`, and asks the other one for all else. */
export function withGivenValues(given: SecretValues | undefined, source: SecretSource): SecretSource {
  if (given?.kind !== 'resolved') return source;
  const values = new Map([...given.values].map(([url, value]) => [canonicalSecretUrl(url), value] as const));
  return {
    async read(wanted, signal) {
      const value = values.get(canonicalSecretUrl(wanted.address));
      return value === undefined ? source.read(wanted, signal) : { kind: 'value', value };
    },
  };
}

/**
 * The stores of this machine, with the folder of `--secrets-folder`, which has the secrets of every vault but those that
 * the settings name one by one.
 */
export function withSecretsFolder(stores: SecretProviders, folder: string | undefined, cwd: string): SecretProviders {
  if (folder === undefined) return stores;
  const keyVaults = new Map([...stores.keyVaults, ['*', { kind: 'folder' }] as const]);
  return { ...stores, folder: path.resolve(cwd, folder), keyVaults };
}
