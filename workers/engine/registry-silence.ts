import { RegistryError } from '../../src/ports/registry-client.ts';

/**
 * How long a registry may take for an answer, in ms: enough for a slow one that wants a token first. What is asked here
 * can be done without, and one that only the engine reaches says nothing for ever.
 */
const ANSWER_MS = 4_000;

/** A registry that says nothing. */
export class SilentRegistry extends RegistryError {}

/** Which registries say nothing to this worker: within an attempt none of them is waited for twice. */
export interface RegistrySilence {
  /**
   * Waits some seconds for the answer to a question; `registry` is host[:port]. Rejects with a SilentRegistry when none
   * comes, and from then on at once; with `signal.reason`, and as the question does.
   */
  ask<T>(registry: string, question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Knows of none to begin with. */
export function createRegistrySilence(answerMs: number = ANSWER_MS): RegistrySilence {
  const silent = new Set<string>();
  const silence = (registry: string) =>
    new SilentRegistry(`${registry} does not answer this worker within ${answerMs / 1000} s`);
  return {
    async ask(registry, question, signal) {
      signal.throwIfAborted();
      if (silent.has(registry)) throw silence(registry);
      const limit = AbortSignal.timeout(answerMs);
      try {
        return await question(AbortSignal.any([signal, limit]));
      } catch (error) {
        signal.throwIfAborted();
        if (!limit.aborted) throw error;
        silent.add(registry);
        throw silence(registry);
      }
    },
  };
}
