import type { HashicorpVaultSetting } from '../../core/secret/secret-providers.ts';
import type { SecretReading, UnavailableSecret } from '../../ports/secret-source.ts';
import { CHECK_ADDRESS, createHashicorpTokens, hashicorpHeaders } from './hashicorp-login.ts';
import { fieldOf, requestJson, type StoreAnswer, textOf } from './request-json.ts';
import { unavailable } from './unavailable.ts';

/** Reads fields of secrets in the key-value engines (versions 1 and 2) of a HashiCorp Vault. */
export interface HashicorpVault {
  read(path: string, field: string, signal: AbortSignal): Promise<SecretReading>;
}

/** What Vault itself refused; `isForbidden` when it did not take the token. */
type Refusal = UnavailableSecret & { readonly isForbidden: boolean };

/** Which path a secret is asked for under. */
type Api = { readonly kind: 'api'; readonly version: 1 | 2; readonly path: string } | UnavailableSecret | Refusal;

/** A HashiCorp Vault; nothing is asked before the first secret. `now` is in ms. */
export function createHashicorpVault(setting: HashicorpVaultSetting, now: () => number): HashicorpVault {
  const tokens = createHashicorpTokens(setting, now);

  async function readWith(
    token: string,
    path: string,
    field: string,
    signal: AbortSignal,
  ): Promise<SecretReading | Refusal> {
    const get = (at: string) => {
      const headers = { 'x-vault-token': token, ...hashicorpHeaders(setting) };
      const url = `${setting.address}/v1/${at.split('/').map(encodeURIComponent).join('/')}`;
      return requestJson({ method: 'GET', url, headers }, signal);
    };
    const api = apiOf(path, await get(`sys/internal/ui/mounts/${path}`));
    if (api.kind === 'unavailable') return api;
    const answer = await get(api.path);
    if (answer.kind === 'failed') return notReached(answer.reason);
    if (answer.status !== 200) return refused(answer, path);
    return fieldIn(
      api.version === 2 ? fieldOf(answer.body, 'data', 'data') : fieldOf(answer.body, 'data'),
      path,
      field,
    );
  }

  return {
    async read(path, field, signal) {
      const signedIn = await tokens.token(signal);
      if (signedIn.kind === 'unavailable') return signedIn;
      const reading = await readWith(signedIn.token, path, field, signal);
      const isForbidden = 'isForbidden' in reading && reading.isForbidden;
      if (!isForbidden || setting.login.kind !== 'app-role') return reading;
      // The token may have been revoked before its time: it costs a login to know.
      tokens.forget();
      const again = await tokens.token(signal);
      return again.kind === 'token' && again.token !== signedIn.token
        ? readWith(again.token, path, field, signal)
        : reading;
    },
  };
}

/** Where the key-value engine of a path is mounted and its version, as Vault's own command line asks for it. */
function apiOf(path: string, answer: StoreAnswer): Api {
  if (answer.kind === 'failed') return notReached(answer.reason);
  // Vaults before 0.10.2 do not know the question, nor version 2.
  if (answer.status === 404) return { kind: 'api', version: 1, path };
  if (answer.status !== 200) return refused(answer, path);
  const mount = textOf(answer.body, 'data', 'path') ?? '';
  const version = textOf(answer.body, 'data', 'options', 'version') === '2' ? 2 : 1;
  if (version === 1 || !`${path}/`.startsWith(mount)) return { kind: 'api', version: 1, path };
  return { kind: 'api', version, path: `${mount}data/${path.slice(mount.length)}` };
}

function fieldIn(fields: unknown, path: string, field: string): SecretReading {
  const value = fieldOf(fields, field);
  if (typeof value === 'string') return { kind: 'value', value };
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'value', value: String(value) };
  if (value !== undefined && value !== null)
    return unavailable(`the field "${field}" of "${path}" in HashiCorp Vault is not a text`, 'Store it as a text.');
  const names = Object.keys(Object(fields)).slice(0, 10);
  return unavailable(
    `the secret "${path}" in HashiCorp Vault has no field "${field}"`,
    names.length === 0 ? 'It has no fields.' : `It has: ${names.join(', ')}.`,
  );
}

function notReached(reason: string): UnavailableSecret {
  return unavailable(`HashiCorp Vault: ${reason}`, CHECK_ADDRESS);
}

function refused(answer: Extract<StoreAnswer, { kind: 'answered' }>, path: string): Refusal {
  return { ...refusal(answer.status, path), isForbidden: answer.status === 403 };
}

function refusal(status: number, path: string): UnavailableSecret {
  switch (status) {
    case 403:
      return unavailable(
        `HashiCorp Vault does not let the worker read "${path}" (403)`,
        'Give the token or the AppRole of the worker a policy that may read this path, or check that it has not ended.',
      );
    case 404:
      return unavailable(`HashiCorp Vault has no secret "${path}"`, 'Check the path: it begins with the mount.');
    default:
      return unavailable(
        `HashiCorp Vault answers ${status} for "${path}"`,
        'Its own log says why; it may be sealed, or SLIPWAY_VAULT_ADDRESS may lead to something else.',
      );
  }
}
