import { engineProblem } from '../core/engine-host.ts';
import type { Environment, Given } from './given.ts';
import { listed } from './secrets.ts';
import type { Settings } from './settings.ts';

/** What is wrong with settings that are right each for itself, but do not go together. */
export function problemsTogether(given: Given, env: Environment): readonly string[] {
  const has = (name: keyof Settings) => given[name] !== undefined;
  const problems: string[] = [];
  const engine = engineProblem(given.DOCKER_HOST, env.DOCKER_TLS_VERIFY);
  if (engine !== undefined) problems.push(`${engine.reason}: ${engine.cure}.`);
  if (has('SLIPWAY_REGISTRY_USERNAME') !== has('SLIPWAY_REGISTRY_PASSWORD'))
    problems.push('SLIPWAY_REGISTRY_USERNAME and SLIPWAY_REGISTRY_PASSWORD belong together: set both or none.');
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
  return problems;
}
