import { locateSecret, type SecretPlace } from '../../core/secret/locate-secret.ts';
import { parseSecretAddress } from '../../core/secret/secret-address.ts';
import type { SecretProviders } from '../../core/secret/secret-providers.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { SecretReading, SecretSource } from '../../ports/secret-source.ts';
import { readFromKeyVault } from './azure-key-vault.ts';
import { createAzureTokens } from './azure-token.ts';
import { readVariable } from './environment.ts';
import { readEntry } from './file.ts';
import { readSecretFile } from './folder.ts';
import { createHashicorpVault } from './hashicorp-vault.ts';
import { unavailable } from './unavailable.ts';

/** The secrets of an installation: each is asked for where its address leads. `now` is in ms. */
export function createSecretSource(providers: SecretProviders, now: () => number): SecretSource {
  const { environment, file, folder, hashicorpVault, azure, keyVaults } = providers;
  const hashicorp = hashicorpVault === undefined ? undefined : createHashicorpVault(hashicorpVault, now);
  const tokens = createAzureTokens(azure, now);

  async function readAt(place: SecretPlace, clientId: string | undefined, signal: AbortSignal): Promise<SecretReading> {
    switch (place.kind) {
      case 'environment':
        return readVariable(environment, place.name);
      case 'file':
        return readEntry(file, place.name, signal);
      case 'folder':
        return readSecretFile(folder, place.name, signal);
      case 'hashicorp-vault':
        return hashicorp === undefined ? NO_HASHICORP : hashicorp.read(place.path, place.field, signal);
      case 'azure':
        return readFromKeyVault(place, clientId, tokens, signal);
      default:
        return unreachable(place);
    }
  }

  return {
    async read({ address, clientId }, signal) {
      signal.throwIfAborted();
      const parsed = parseSecretAddress(address);
      if (parsed.kind === 'invalid') return unavailable('it is no address of a secret', parsed.hint);
      const located = locateSecret(parsed.address, keyVaults);
      if (located.kind === 'unknown') return unavailable(located.reason, located.hint);
      return readAt(located.place, clientId, signal);
    },
  };
}

const NO_HASHICORP = unavailable(
  'the worker has no HashiCorp Vault',
  'Set SLIPWAY_VAULT_ADDRESS, and a token or an AppRole, on the worker.',
);
