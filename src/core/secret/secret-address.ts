/**
 * What `keyvault` of a task may say: the URL of a secret in an Azure Key Vault (reference, section 6.7), or, shorter and
 * for other stores, `env:NAME`, `file:NAME`, `folder:NAME` and `vault:PATH#FIELD`.
 */
import { parseVaultUrl, type VaultSecret } from './vault-url.ts';

/** Which secret is meant. */
export type SecretAddress =
  | ({ readonly kind: 'key-vault' } & VaultSecret)
  /** By the name of a variable, of an entry of a file, or of a file in a folder. */
  | { readonly kind: 'environment' | 'file' | 'folder'; readonly name: string }
  /** A field of a secret in HashiCorp Vault; `path` begins with the mount. */
  | { readonly kind: 'hashicorp-vault'; readonly path: string; readonly field: string };

/** What `parseSecretAddress` gives; `hint` says how to put it right. */
export type ParsedSecretAddress =
  | { readonly kind: 'valid'; readonly address: SecretAddress }
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string };

/** The field of a secret that is meant when none is named. */
export const USUAL_FIELD = 'value';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}$/;

/** Reads the address of a secret. Messages never show a user name or password that stands in it. */
export function parseSecretAddress(text: string): ParsedSecretAddress {
  const [, scheme, rest = ''] = /^(env|file|folder|vault):(?!\/\/)(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'env':
      return VARIABLE.test(rest)
        ? { kind: 'valid', address: { kind: 'environment', name: rest } }
        : invalid(`"${text}" does not name a variable`, 'Write env:NAME, of letters, digits and underscores.');
    case 'file':
    case 'folder':
      return NAME.test(rest)
        ? { kind: 'valid', address: { kind: scheme, name: rest } }
        : invalid(`"${text}" does not name a secret`, `Write ${scheme}:NAME, of letters, digits, hyphens and dots.`);
    case 'vault':
      return hashicorp(text, rest);
    default: {
      const url = parseVaultUrl(text);
      return url.kind === 'valid' ? { kind: 'valid', address: { ...url, kind: 'key-vault' } } : url;
    }
  }
}

function hashicorp(text: string, rest: string): ParsedSecretAddress {
  const hash = rest.indexOf('#');
  const path = hash < 0 ? rest : rest.slice(0, hash);
  const field = hash < 0 ? USUAL_FIELD : rest.slice(hash + 1);
  if (isVaultPath(path) && path.includes('/') && field.trim() !== '')
    return { kind: 'valid', address: { kind: 'hashicorp-vault', path, field } };
  return invalid(
    `"${text}" does not name a secret`,
    'Write vault:MOUNT/PATH#FIELD; the field is "value" unless named.',
  );
}

/** Whether a text is a path in HashiCorp Vault: names joined with slashes, none of which leads up or away. */
export function isVaultPath(path: string): boolean {
  return path.split('/').every((part) => /^[A-Za-z0-9_ .@+-]+$/.test(part) && !/^\.{1,2}$/.test(part));
}

function invalid(reason: string, hint: string): ParsedSecretAddress {
  return { kind: 'invalid', reason, hint };
}
