import { Type } from 'typebox';
import { AZURE_AUTHORITY, MANAGED_IDENTITY_ENDPOINT } from '../core/secret/secret-providers.ts';

const URL_PATTERN = '^https?://[^/@?#\\s]+(/[^@?#\\s]*)?$';
const HTTP = 'a URL that begins with https:// or http://, without a user name';

/** The settings about secrets, and about credentials of registries in a file, by their environment variables. */
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
