import { SECRET_VARIABLE } from '../../core/secret/secret-providers.ts';
import type { SecretReading } from '../../ports/secret-source.ts';
import { unavailable } from './unavailable.ts';

/** The secret `name` of the environment; no other variable can be read. */
export function readVariable(values: ReadonlyMap<string, string>, name: string): SecretReading {
  const value = values.get(name);
  if (value !== undefined) return { kind: 'value', value };
  return unavailable(
    `the environment of the worker has no ${SECRET_VARIABLE}${name}`,
    `Set ${SECRET_VARIABLE}${name} on the worker, or name its variable ${name} in SLIPWAY_SECRETS_ENV.`,
  );
}
