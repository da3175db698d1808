/** The stores of secrets that an installation has, as its configuration says. */
import { unreachable } from '../unreachable.ts';
import type { KeyVaults } from './key-vaults.ts';

/** How to sign in to HashiCorp Vault. A file with a token is read again each time, because its writer renews it. */
export type HashicorpLogin =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'token-file'; readonly path: string }
  | { readonly kind: 'app-role'; readonly roleId: string; readonly secretId: string };

/** A HashiCorp Vault; `address` is a URL without a trailing slash. */
export interface HashicorpVaultSetting {
  readonly address: string;
  readonly namespace: string | undefined;
  readonly login: HashicorpLogin;
}

/** Who asks Azure: a client with its own secret (at `authority`, a URL), or the identity of the machine. */
export type AzureIdentity =
  | {
      readonly kind: 'client';
      readonly authority: string;
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }
  | { readonly kind: 'managed'; readonly endpoint: string };

/** All stores. `file` and `folder` are absolute paths. */
export interface SecretProviders {
  /** Values by the name that tasks use. */
  readonly environment: ReadonlyMap<string, string>;
  readonly file: string | undefined;
  readonly folder: string | undefined;
  readonly hashicorpVault: HashicorpVaultSetting | undefined;
  readonly azure: AzureIdentity;
  readonly keyVaults: KeyVaults;
}

/** Everything in the settings of the stores that no log may show: what the installation signs in to them with. */
export function signInSecrets({ hashicorpVault, azure }: SecretProviders): readonly string[] {
  return [
    ...(hashicorpVault === undefined ? [] : hashicorpSecrets(hashicorpVault.login)),
    ...(azure.kind === 'client' ? [azure.clientSecret] : []),
  ];
}

function hashicorpSecrets(login: HashicorpLogin): readonly string[] {
  switch (login.kind) {
    case 'token':
      return [login.token];
    case 'app-role':
      return [login.secretId];
    case 'token-file':
      return [];
    default:
      return unreachable(login);
  }
}

/** Variables that begin with this are secrets: `env:NAME` is the variable with it before NAME. */
export const SECRET_VARIABLE = 'SLIPWAY_SECRET_';

/** Where the identity of a machine in Azure is asked for tokens (reference, section 6.7). */
export const MANAGED_IDENTITY_ENDPOINT = 'http://169.254.169.254/metadata/identity/oauth2/token';

/** Where a client signs in to Azure unless another cloud is named. */
export const AZURE_AUTHORITY = 'https://login.microsoftonline.com';
