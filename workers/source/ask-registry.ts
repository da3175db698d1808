import { setTimeout as sleep } from 'node:timers/promises';
import { RegistryError } from '../../src/ports/registry-client.ts';
import { UnusableSource } from './unusable-source.ts';

/** Which artifact a registry is asked for; `shown` names it, `host` is the registry's. */
export interface AskedArtifact {
  readonly shown: string;
  readonly host: string;
  readonly hasCredential: boolean;
}

/** Pauses between the tries, in ms; there is one try more. */
const PAUSES_MS = [250, 500];

/**
 * Asks a registry, and again after a pause when no answer came or its status was from 500 on. Rejects with
 * `UnusableSource` when the registry says no, and with `signal.reason`.
 */
export async function askRegistry<T>(
  artifact: AskedArtifact,
  ask: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await ask(signal);
    } catch (error) {
      if (!(error instanceof RegistryError) || (error.status ?? 500) < 500) throw asUnusable(error, artifact);
    }
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  return await ask(signal).catch((error: unknown) => {
    throw asUnusable(error, artifact);
  });
}

/** What a registry did, as what the user can mend; all but a RegistryError stays what it is. */
export function asUnusable(error: unknown, { shown, host, hasCredential }: AskedArtifact): unknown {
  if (!(error instanceof RegistryError)) return error;
  const { status, message } = error;
  if (status === undefined) {
    const hint = `Check the name and the port of ${host} and what stands before it, or try again later.`;
    return new UnusableSource(`The artifact ${shown} cannot be fetched: ${message.replace(/\.$/, '')}.`, hint, {
      cause: error,
    });
  }
  if (status !== 401 && status !== 403) {
    return new UnusableSource(`${host} answers with the status ${status} for ${shown}.`, 'Try again later.');
  }
  return new UnusableSource(
    hasCredential
      ? `${host} refuses the worker's credential for ${shown} (status ${status}).`
      : `${shown} cannot be read without a credential (status ${status}).`,
    `Put a credential that may read it into SLIPWAY_REGISTRY_CREDENTIALS_FILE or SLIPWAY_SOURCE_CREDENTIALS of the workers, under "${host}".`,
  );
}
