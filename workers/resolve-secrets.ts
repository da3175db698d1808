import type { SecretReading, SecretSource, UnavailableSecret, WantedSecret } from '../src/ports/secret-source.ts';

/** As in the reference (section 6.7): so many at once, and so long for each, in ms. */
const AT_ONCE = 5;
const LIMIT_MS = 120_000;

/** The values of secrets by their addresses, and why others have none. */
export interface ResolvedSecrets {
  readonly values: ReadonlyMap<string, string>;
  readonly unavailable: ReadonlyMap<string, UnavailableSecret>;
}

/**
 * Asks for secrets, some at a time; one that takes longer than `limitMs` has no value. Rejects with `signal.reason` when
 * aborted.
 */
export async function resolveSecrets(
  wanted: readonly WantedSecret[],
  source: SecretSource,
  signal: AbortSignal,
  limitMs: number = LIMIT_MS,
): Promise<ResolvedSecrets> {
  const values = new Map<string, string>();
  const unavailable = new Map<string, UnavailableSecret>();
  const waiting = [...new Map(wanted.map((each) => [each.address, each])).values()];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const reading = await readWithin(next, source, signal, limitMs);
      if (reading.kind === 'value') values.set(next.address, reading.value);
      else unavailable.set(next.address, reading);
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  signal.throwIfAborted();
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return { values, unavailable };
}

async function readWithin(
  wanted: WantedSecret,
  source: SecretSource,
  signal: AbortSignal,
  limitMs: number,
): Promise<SecretReading> {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), limitMs);
  try {
    return await source.read(wanted, AbortSignal.any([signal, clock.signal]));
  } catch (error) {
    if (signal.aborted || !clock.signal.aborted) throw error;
    const hint = 'Look whether the store of secrets answers, then run the task again.';
    return { kind: 'unavailable', reason: `it did not answer within ${limitMs / 1000} s`, hint };
  } finally {
    clearTimeout(timer);
  }
}
