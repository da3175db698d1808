/** The settings with a language of their own. Each is parsed once, so what is checked is what is used. */
import { renderBriefly } from '../core/diagnostic.ts';
import { parsePolicy } from '../core/policy/read-policy.ts';
import { STRICT_POLICY, type WorkerPolicy } from '../core/policy/worker-policy.ts';
import { parseRegistryCredentials, type WorkerSignIn } from '../core/registry-credentials-file.ts';
import { type KeyVaults, parseKeyVaults } from '../core/secret/key-vaults.ts';
import { KEY_BYTES, parseSecretKeys, type SecretKeys } from '../core/secret/secret-keys.ts';
import { parseSourceCredentials, type SourceCredentials } from '../core/source/credentials.ts';
import { parseImageAliases } from '../core/task-file/alias/image-aliases.ts';
import { type Given, readText } from './given.ts';

/** What these settings say; of a wrong one, what could be read. */
export interface Texts {
  /** Images for names that a `cmd` may begin with, besides the built-in ones or in their place. */
  readonly imageAliases: ReadonlyMap<string, string>;
  /** What the steps on a worker may ask of it. */
  readonly policy: WorkerPolicy;
  /** How workers sign in to the hosts that sources come from. */
  readonly sourceCredentials: SourceCredentials;
  /** The stores that answer for Azure Key Vaults. */
  readonly keyVaults: KeyVaults;
  /** Credentials of registries besides the installation's own. */
  readonly registrySignIns: readonly WorkerSignIn[];
  /** What secret values are sealed with; undefined: the data folder has the key. */
  readonly secretKeys: SecretKeys | undefined;
}

/** Parses them, and the file of credentials that one of them names. */
export function readTexts(given: Given): { readonly texts: Texts; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const told = (name: string, found: readonly string[]) => {
    problems.push(...found.map((problem) => `${name} ${problem}.`));
  };
  const { aliases, problems: wrongAliases } = parseImageAliases(given.SLIPWAY_IMAGE_ALIASES ?? '');
  told('SLIPWAY_IMAGE_ALIASES', wrongAliases);
  const policy = readPolicy(given.SLIPWAY_POLICY, problems);
  const { credentials, problems: wrongCredentials } = parseSourceCredentials(given.SLIPWAY_SOURCE_CREDENTIALS ?? '{}');
  told('SLIPWAY_SOURCE_CREDENTIALS', wrongCredentials);
  const { keyVaults, problems: wrongVaults } = parseKeyVaults(given.SLIPWAY_KEY_VAULTS ?? '');
  told('SLIPWAY_KEY_VAULTS', wrongVaults);
  const registrySignIns = readSignIns(given.SLIPWAY_REGISTRY_CREDENTIALS_FILE, problems);
  const secretKeys = readKeys(given.SLIPWAY_SECRET_KEYS, problems);
  return {
    texts: { imageAliases: aliases, policy, sourceCredentials: credentials, keyVaults, registrySignIns, secretKeys },
    problems,
  };
}

/** A worker that starts with less than its operator wrote would refuse runs, one with more would take them. */
function readPolicy(text: string | undefined, problems: string[]): WorkerPolicy {
  if (text === undefined) return STRICT_POLICY;
  const policy = parsePolicy(text, 'SLIPWAY_POLICY');
  if (policy.ok) return policy.value;
  problems.push(...policy.diagnostics.map((problem) => `SLIPWAY_POLICY, ${renderBriefly(problem)}`));
  return STRICT_POLICY;
}

function readKeys(text: string | undefined, problems: string[]): SecretKeys | undefined {
  if (text === undefined) return undefined;
  const keys = parseSecretKeys(text);
  if (keys === undefined) {
    problems.push(
      `SLIPWAY_SECRET_KEYS has something that is no key of ${KEY_BYTES} bytes: make one with "openssl rand -base64 32".`,
    );
  }
  return keys;
}

function readSignIns(file: string | undefined, problems: string[]): readonly WorkerSignIn[] {
  const name = 'SLIPWAY_REGISTRY_CREDENTIALS_FILE';
  const text = file === undefined ? undefined : readText(name, file, problems);
  if (text === undefined) return [];
  const { signIns, problems: found } = parseRegistryCredentials(text);
  problems.push(...found.map((problem) => `${name} ${problem}.`));
  return signIns;
}
