/** The settings about secrets, and about credentials of registries in a file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Static, Type } from 'typebox';
import { parseRegistryCredentials, type WorkerSignIn } from './core/registry-credentials-file.ts';
import { parseKeyVaults } from './core/secret/key-vaults.ts';
import {
  AZURE_AUTHORITY,
  type HashicorpLogin,
  type HashicorpVaultSetting,
  MANAGED_IDENTITY_ENDPOINT,
  SECRET_VARIABLE,
  type SecretProviders,
} from './core/secret/secret-providers.ts';

const URL_PATTERN = '^https?://[^/@?#\\s]+(/[^@?#\\s]*)?$';
const HTTP = 'a URL that begins with https:// or http://, without a user name';

/** The settings by the names of their environment variables. */
export const SecretSettings = {
  SLIPWAY_SECRETS_ENV: Type.Optional(
    Type.String({
      pattern: '^\\s*[A-Za-z_][A-Za-z0-9_]*(\\s*,\\s*[A-Za-z_][A-Za-z0-9_]*)*\\s*$',
      description: 'a list of names of variables like NPM_TOKEN,DEPLOY_KEY',
    }),
  ),
  SLIPWAY_SECRETS_FILE: Type.Optional(Type.String({ description: 'a file' })),
  SLIPWAY_SECRETS_FOLDER: Type.Optional(Type.String({ description: 'a folder' })),
  SLIPWAY_KEY_VAULTS: Type.Optional(
    Type.String({ description: 'a list like v.vault.azure.net=folder,*=vault:kv/team' }),
  ),
  SLIPWAY_VAULT_ADDRESS: Type.Optional(Type.String({ pattern: URL_PATTERN, description: HTTP })),
  SLIPWAY_VAULT_NAMESPACE: Type.Optional(Type.String({ description: 'a namespace' })),
  SLIPWAY_VAULT_TOKEN: Type.Optional(Type.String({ description: 'a token' })),
  /** Not read at the start, as other files are: whoever writes it renews it. */
  SLIPWAY_VAULT_TOKEN_FILE: Type.Optional(Type.String({ description: 'a file' })),
  SLIPWAY_VAULT_ROLE_ID: Type.Optional(Type.String({ description: 'the id of a role' })),
  SLIPWAY_VAULT_SECRET_ID: Type.Optional(Type.String({ description: 'the secret id of a role' })),
  SLIPWAY_AZURE_AUTHORITY: Type.String({ default: AZURE_AUTHORITY, pattern: URL_PATTERN, description: HTTP }),
  SLIPWAY_AZURE_TENANT_ID: Type.Optional(Type.String({ description: 'the id of a tenant' })),
  SLIPWAY_AZURE_CLIENT_ID: Type.Optional(Type.String({ description: 'the id of a client' })),
  SLIPWAY_AZURE_CLIENT_SECRET: Type.Optional(Type.String({ description: 'a secret' })),
  MSI_ENDPOINT: Type.String({ default: MANAGED_IDENTITY_ENDPOINT, pattern: URL_PATTERN, description: HTTP }),
  SLIPWAY_REGISTRY_CREDENTIALS_FILE: Type.Optional(Type.String({ description: 'a file' })),
};
const Shape = Type.Object(SecretSettings);
type Settings = Static<typeof Shape>;
/** Settings as they are given, of which some may be wrong. */
type Given = Readonly<Record<string, unknown>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with settings that are right each for itself. */
export function secretProblems(given: Given, env: Environment): readonly string[] {
  const has = (name: keyof Settings) => given[name] !== undefined;
  const problems: string[] = [];
  if (typeof given.SLIPWAY_KEY_VAULTS === 'string')
    problems.push(...parseKeyVaults(given.SLIPWAY_KEY_VAULTS).problems.map((each) => `SLIPWAY_KEY_VAULTS ${each}.`));
  if (has('SLIPWAY_VAULT_ROLE_ID') !== has('SLIPWAY_VAULT_SECRET_ID'))
    problems.push('SLIPWAY_VAULT_ROLE_ID and SLIPWAY_VAULT_SECRET_ID belong together: set both or none.');
  const logins = (['SLIPWAY_VAULT_TOKEN', 'SLIPWAY_VAULT_TOKEN_FILE', 'SLIPWAY_VAULT_ROLE_ID'] as const).filter(has);
  if (logins.length > 1) problems.push(`${logins.join(' and ')} are both set: a worker signs in one way.`);
  if (has('SLIPWAY_VAULT_ADDRESS') && logins.length === 0)
    problems.push(
      'SLIPWAY_VAULT_ADDRESS needs SLIPWAY_VAULT_TOKEN, SLIPWAY_VAULT_TOKEN_FILE, or SLIPWAY_VAULT_ROLE_ID and SLIPWAY_VAULT_SECRET_ID.',
    );
  const client = ['SLIPWAY_AZURE_TENANT_ID', 'SLIPWAY_AZURE_CLIENT_ID', 'SLIPWAY_AZURE_CLIENT_SECRET'] as const;
  if (client.some(has) && !client.every(has)) problems.push(`${client.join(', ')} belong together: set all or none.`);
  for (const name of listed(given.SLIPWAY_SECRETS_ENV))
    if (env[name] === undefined) problems.push(`SLIPWAY_SECRETS_ENV names ${name}, which is not set.`);
  return [...problems, ...registryProblems(given.SLIPWAY_REGISTRY_CREDENTIALS_FILE)];
}

/** The stores of secrets that the settings name. */
export function secretProviders(settings: Settings, env: Environment): SecretProviders {
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
    keyVaults: parseKeyVaults(settings.SLIPWAY_KEY_VAULTS ?? '').keyVaults,
  };
}

/** The credentials in the file of `SLIPWAY_REGISTRY_CREDENTIALS_FILE`. */
export function registrySignIns({ SLIPWAY_REGISTRY_CREDENTIALS_FILE: file }: Settings): readonly WorkerSignIn[] {
  return file === undefined ? [] : parseRegistryCredentials(readFileSync(file, 'utf8')).signIns;
}

function registryProblems(file: unknown): readonly string[] {
  if (typeof file !== 'string') return [];
  try {
    const { problems } = parseRegistryCredentials(readFileSync(file, 'utf8'));
    return problems.map((problem) => `SLIPWAY_REGISTRY_CREDENTIALS_FILE ${problem}.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [`SLIPWAY_REGISTRY_CREDENTIALS_FILE cannot be read: ${reason}.`];
  }
}

function secretVariables({ SLIPWAY_SECRETS_ENV: list }: Settings, env: Environment): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const name of listed(list)) if (env[name] !== undefined) values.set(name, env[name]);
  for (const [name, value] of Object.entries(env))
    if (name.startsWith(SECRET_VARIABLE) && value !== undefined) values.set(name.slice(SECRET_VARIABLE.length), value);
  return values;
}

function listed(list: unknown): readonly string[] {
  return typeof list === 'string' ? list.split(',').map((name) => name.trim()) : [];
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
