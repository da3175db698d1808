import { plainError } from '../src/core/diagnostic.ts';
import { failure, type Result, success } from '../src/core/result.ts';
import { NO_SECRETS, type Secrets } from '../src/core/task/secrets.ts';
import type { RunStore } from '../src/ports/run-store.ts';
import { SealBroken, type SecretBox } from '../src/ports/secret-box.ts';

/** Where the secret values of runs are, and what opens them. */
export interface OpenSecretsDeps {
  readonly runStore: Pick<RunStore, 'secretsOf'>;
  readonly secretBox: SecretBox;
}

/** The secret values that a run came with. Fails, with the cure, when this worker does not have the key of its server. */
export async function openSecrets(runId: string, { runStore, secretBox }: OpenSecretsDeps): Promise<Result<Secrets>> {
  const sealed = await runStore.secretsOf(runId);
  if (sealed === undefined) return success(NO_SECRETS);
  try {
    // Only `scheduleRun` seals them, and only values of this type.
    return success(JSON.parse(secretBox.open(sealed)) as Secrets);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    return failure([
      plainError(
        'secrets-unreadable',
        `This worker cannot read the secrets of the run. ${error.message}`,
        'Give server and workers the same SLIPWAY_SECRET_KEYS, or the same data folder; then run the task again.',
      ),
    ]);
  }
}
