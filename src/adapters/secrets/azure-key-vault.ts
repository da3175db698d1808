import type { SecretPlace } from '../../core/secret/locate-secret.ts';
import type { SecretReading } from '../../ports/secret-source.ts';
import type { AzureTokens } from './azure-token.ts';
import { requestJson, textOf } from './request-json.ts';
import { unavailable } from './unavailable.ts';

/** The version of Key Vault's API that is spoken. */
const API_VERSION = '7.4';

/** Reads a secret of an Azure Key Vault (reference, section 6.7). */
export async function readFromKeyVault(
  { url, audience, secret, version }: Extract<SecretPlace, { kind: 'azure' }>,
  clientId: string | undefined,
  tokens: AzureTokens,
  signal: AbortSignal,
): Promise<SecretReading> {
  const signedIn = await tokens.token(audience, clientId, signal);
  if (signedIn.kind === 'unavailable') return signedIn;
  const path = ['secrets', secret, ...(version === '' ? [] : [version])].join('/');
  const answer = await requestJson(
    {
      method: 'GET',
      url: `${url}/${path}?api-version=${API_VERSION}`,
      headers: { authorization: `Bearer ${signedIn.token}` },
    },
    signal,
  );
  const { host } = new URL(url);
  if (answer.kind === 'failed')
    return unavailable(`Azure Key Vault: ${answer.reason}`, 'Check the URL, and that the worker reaches the vault.');
  const value = textOf(answer.body, 'value');
  if (answer.status === 200 && value !== undefined) return { kind: 'value', value };
  const code = textOf(answer.body, 'error', 'code');
  const why = `${answer.status}${code === undefined ? '' : `, ${code}`}`;
  switch (answer.status) {
    case 401:
    case 403:
      return unavailable(
        `the Azure Key Vault ${host} does not let the worker read it (${why})`,
        'Give the identity of the worker the right to get secrets of this vault, and let its network in.',
      );
    case 404:
      return unavailable(
        `the Azure Key Vault ${host} has no such secret (${why})`,
        'Check the name and the version in the URL.',
      );
    default:
      return unavailable(
        `the Azure Key Vault ${host} answers ${why}`,
        'Try again later; Azure’s own status says more.',
      );
  }
}
