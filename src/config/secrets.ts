import path from 'node:path';
import type { KeyVaults } from '../core/secret/key-vaults.ts';
import {
  type HashicorpLogin,
  type HashicorpVaultSetting,
  SECRET_VARIABLE,
  type SecretProviders,
} from '../core/secret/secret-providers.ts';
import type { Environment } from './given.ts';
import type { Settings } from './settings.ts';

/** The stores of secrets that the settings name. */
export function secretProviders(settings: Settings, keyVaults: KeyVaults, env: Environment): SecretProviders {
  const { SLIPWAY_AZURE_TENANT_ID: tenantId, SLIPWAY_AZURE_CLIENT_ID: clientId } = settings;
  const { SLIPWAY_AZURE_CLIENT_SECRET: clientSecret, SLIPWAY_AZURE_AUTHORITY: authority } = settings;
  const isClient = tenantId !== undefined && clientId !== undefined && clientSecret !== undefined;
  return {
    environment: secretVariables(settings, env),
    file: absolute(settings.SLIPWAY_SECRETS_FILE),
    folder: absolute(settings.SLIPWAY_SECRETS_FOLDER),
    hashicorpVault: hashicorpVault(settings),
    azure: isClient
      ? { kind: 'client', authority: withoutSlash(authority), tenantId, clientId, clientSecret }
      : { kind: 'managed', endpoint: settings.MSI_ENDPOINT },
    keyVaults,
  };
}

function secretVariables({ SLIPWAY_SECRETS_ENV: list }: Settings, env: Environment): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const name of listed(list)) if (env[name] !== undefined) values.set(name, env[name]);
  for (const [name, value] of Object.entries(env))
    if (name.startsWith(SECRET_VARIABLE) && value !== undefined) values.set(name.slice(SECRET_VARIABLE.length), value);
  return values;
}

/** The names in a list like `A,B`. */
export function listed(list: string | undefined): readonly string[] {
  return list === undefined ? [] : list.split(',').map((name) => name.trim());
}

function hashicorpVault(settings: Settings): HashicorpVaultSetting | undefined {
  const { SLIPWAY_VAULT_ADDRESS: address, SLIPWAY_VAULT_NAMESPACE: namespace } = settings;
  const login = hashicorpLogin(settings);
  return address === undefined || login === undefined
    ? undefined
    : { address: withoutSlash(address), namespace, login };
}

function hashicorpLogin(settings: Settings): HashicorpLogin | undefined {
  const { SLIPWAY_VAULT_TOKEN: token, SLIPWAY_VAULT_TOKEN_FILE: file } = settings;
  const { SLIPWAY_VAULT_ROLE_ID: roleId, SLIPWAY_VAULT_SECRET_ID: secretId } = settings;
  if (token !== undefined) return { kind: 'token', token };
  if (file !== undefined) return { kind: 'token-file', path: path.resolve(file) };
  return roleId !== undefined && secretId !== undefined ? { kind: 'app-role', roleId, secretId } : undefined;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function absolute(file: string | undefined): string | undefined {
  return file === undefined ? undefined : path.resolve(file);
}
