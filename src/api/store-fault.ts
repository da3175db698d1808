import type { RunStore } from '../ports/run-store.ts';

/** Why the store cannot be used, as a sentence for whoever asked, and the cure for the operator. */
export interface StoreFault {
  readonly reason: string;
  readonly hint: string;
}

/** How long (ms) the store may take to say that it is there. */
const PING_WITHIN_MS = 2_000;

/** What is wrong with the store, or undefined when it answers. */
export async function storeTrouble(runStore: RunStore): Promise<StoreFault | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${PING_WITHIN_MS / 1000} s.`)), PING_WITHIN_MS);
  });
  try {
    await Promise.race([runStore.ping(), late]);
    return undefined;
  } catch (error) {
    return describe(error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether a fault that a handler ran into is the store's: it says so itself (a fault with a `hint` comes from an
 * adapter), or the store does not answer now either.
 */
export async function storeFault(error: unknown, runStore: RunStore): Promise<StoreFault | undefined> {
  return hintOf(error) === undefined ? await storeTrouble(runStore) : describe(error);
}

/** Adapters write the cure behind the message; it is told apart here. */
function describe(error: unknown): StoreFault {
  const message = error instanceof Error ? error.message : String(error);
  const hint = hintOf(error);
  return {
    reason: hint === undefined ? message : message.replace(hint, '').trim(),
    hint: hint ?? 'Check that Redis runs and that the server has its address (REDIS_URL), then try again.',
  };
}

function hintOf(error: unknown): string | undefined {
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
}
