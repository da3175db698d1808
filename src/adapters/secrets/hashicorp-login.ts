import { readFile } from 'node:fs/promises';
import type { HashicorpVaultSetting } from '../../core/secret/secret-providers.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { UnavailableSecret } from '../../ports/secret-source.ts';
import { fieldOf, requestJson, textOf } from './request-json.ts';
import { systemCode, unavailable } from './unavailable.ts';

/** A token for HashiCorp Vault, or why there is none. */
export type HashicorpToken = { readonly kind: 'token'; readonly token: string } | UnavailableSecret;

/** Gives the token to ask with; `forget` when the store did not take it. */
export interface HashicorpTokens {
  token(signal: AbortSignal): Promise<HashicorpToken>;
  forget(): void;
}

/** A token is renewed this long before it ends, in ms. */
const MARGIN_MS = 30_000;

/** Signs in to HashiCorp Vault; the token of an AppRole is kept until it ends. `now` is in ms. */
export function createHashicorpTokens(setting: HashicorpVaultSetting, now: () => number): HashicorpTokens {
  let kept: { readonly token: string; readonly until: number } | undefined;

  async function signIn(roleId: string, secretId: string, signal: AbortSignal): Promise<HashicorpToken> {
    if (kept !== undefined && now() < kept.until) return { kind: 'token', token: kept.token };
    const answer = await requestJson(
      {
        method: 'POST',
        url: `${setting.address}/v1/auth/approle/login`,
        headers: { 'content-type': 'application/json', ...hashicorpHeaders(setting) },
        body: JSON.stringify({ role_id: roleId, secret_id: secretId }),
      },
      signal,
    );
    if (answer.kind === 'failed') return unavailable(`HashiCorp Vault: ${answer.reason}`, CHECK_ADDRESS);
    const token = textOf(answer.body, 'auth', 'client_token');
    if (answer.status !== 200 || token === undefined)
      return unavailable(
        `HashiCorp Vault refuses the AppRole of the worker (${answer.status})`,
        'Check SLIPWAY_VAULT_ROLE_ID and SLIPWAY_VAULT_SECRET_ID on the worker.',
      );
    const seconds = Number(fieldOf(answer.body, 'auth', 'lease_duration') ?? 0);
    // A lease of 0 never ends.
    kept = { token, until: seconds > 0 ? now() + seconds * 1000 - MARGIN_MS : Number.POSITIVE_INFINITY };
    return { kind: 'token', token };
  }

  return {
    async token(signal) {
      const { login } = setting;
      switch (login.kind) {
        case 'token':
          return { kind: 'token', token: login.token };
        case 'token-file':
          return readToken(login.path, signal);
        case 'app-role':
          return signIn(login.roleId, login.secretId, signal);
        default:
          return unreachable(login);
      }
    },
    forget() {
      kept = undefined;
    },
  };
}

/** What to look at when HashiCorp Vault does not answer. */
export const CHECK_ADDRESS = 'Check SLIPWAY_VAULT_ADDRESS on the worker, and that the worker reaches it.';

/** The headers of every request to HashiCorp Vault. */
export function hashicorpHeaders({ namespace }: HashicorpVaultSetting): Record<string, string> {
  return { 'x-vault-request': 'true', ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }) };
}

async function readToken(file: string, signal: AbortSignal): Promise<HashicorpToken> {
  try {
    return { kind: 'token', token: (await readFile(file, { encoding: 'utf8', signal })).trim() };
  } catch (error) {
    signal.throwIfAborted();
    const reason = `the file of SLIPWAY_VAULT_TOKEN_FILE cannot be read (${systemCode(error)})`;
    return unavailable(reason, 'Check on the worker that it is there, and that the user of the worker may read it.');
  }
}
