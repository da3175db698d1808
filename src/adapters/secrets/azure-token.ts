import type { AzureIdentity } from '../../core/secret/secret-providers.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { UnavailableSecret } from '../../ports/secret-source.ts';
import { fieldOf, requestJson, type StoreAnswer, type StoreRequest, textOf } from './request-json.ts';
import { unavailable } from './unavailable.ts';

/** A token of Azure, or why there is none. */
export type AzureToken = { readonly kind: 'token'; readonly token: string } | UnavailableSecret;

/** Gives tokens for a resource (a URL such as `https://vault.azure.net`), and keeps them until shortly before they end. */
export interface AzureTokens {
  /** `clientId` names one of several identities of the machine; a client with its own secret has no others. */
  token(resource: string, clientId: string | undefined, signal: AbortSignal): Promise<AzureToken>;
}

/** A token is renewed this long before it ends, in ms. */
const MARGIN_MS = 5 * 60_000;

/** Only a machine in Azure has an identity; elsewhere nothing answers at its address, not even with a refusal. */
const MANAGED_MS = 10_000;

/** Signs in to Azure (reference, section 6.7). `now` is in ms. */
export function createAzureTokens(identity: AzureIdentity, now: () => number): AzureTokens {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  return {
    async token(resource, clientId, signal) {
      const key = `${resource} ${identity.kind === 'managed' ? (clientId ?? '') : ''}`;
      const known = kept.get(key);
      if (known !== undefined && now() < known.until) return { kind: 'token', token: known.token };
      const limit = identity.kind === 'managed' ? AbortSignal.timeout(MANAGED_MS) : signal;
      const answer = await askWithin(requestFor(identity, resource, clientId), limit, signal);
      if (answer.kind === 'failed') return notReached(identity, answer.reason);
      const token = textOf(answer.body, 'access_token');
      if (answer.status !== 200 || token === undefined) return refused(identity, answer);
      const seconds = Number(fieldOf(answer.body, 'expires_in') ?? 0);
      kept.set(key, { token, until: now() + seconds * 1000 - MARGIN_MS });
      return { kind: 'token', token };
    },
  };
}

async function askWithin(request: StoreRequest, limit: AbortSignal, signal: AbortSignal): Promise<StoreAnswer> {
  try {
    return await requestJson(request, AbortSignal.any([signal, limit]));
  } catch {
    signal.throwIfAborted();
    return { kind: 'failed', reason: `${new URL(request.url).host} does not answer` };
  }
}

function requestFor(identity: AzureIdentity, resource: string, clientId: string | undefined): StoreRequest {
  switch (identity.kind) {
    case 'client':
      return {
        method: 'POST',
        url: `${identity.authority}/${encodeURIComponent(identity.tenantId)}/oauth2/v2.0/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: identity.clientId,
          client_secret: identity.clientSecret,
          scope: `${resource}/.default`,
        }).toString(),
      };
    case 'managed': {
      const url = new URL(identity.endpoint);
      url.searchParams.set('api-version', '2018-02-01');
      url.searchParams.set('resource', resource);
      if (clientId !== undefined) url.searchParams.set('client_id', clientId);
      return { method: 'GET', url: url.href, headers: { metadata: 'true' } };
    }
    default:
      return unreachable(identity);
  }
}

const OTHERWISE =
  'Set SLIPWAY_AZURE_TENANT_ID, SLIPWAY_AZURE_CLIENT_ID and SLIPWAY_AZURE_CLIENT_SECRET on the worker, or say with SLIPWAY_KEY_VAULTS which other store has the secrets of this vault.';

function notReached(identity: AzureIdentity, reason: string): UnavailableSecret {
  return identity.kind === 'managed'
    ? unavailable(`Azure has no identity for the worker: ${reason}`, OTHERWISE)
    : unavailable(`Azure: ${reason}`, 'Check SLIPWAY_AZURE_AUTHORITY on the worker, and that the worker reaches it.');
}

function refused(identity: AzureIdentity, answer: Extract<StoreAnswer, { kind: 'answered' }>): UnavailableSecret {
  const code = textOf(answer.body, 'error');
  const why = `${answer.status}${code === undefined ? '' : `, ${code}`}`;
  return identity.kind === 'managed'
    ? unavailable(`Azure gives the identity of the worker no token (${why})`, OTHERWISE)
    : unavailable(
        `Azure refuses the client of the worker (${why})`,
        'Check SLIPWAY_AZURE_TENANT_ID, SLIPWAY_AZURE_CLIENT_ID and SLIPWAY_AZURE_CLIENT_SECRET on the worker.',
      );
}
