/**
 * A piece of work that is done when it is first asked for, and whose result all share. After a failure the next one who
 * asks tries again.
 */
export function createOnce<A extends readonly unknown[]>(work: (...args: A) => Promise<void>) {
  let doing: Promise<void> | undefined;
  return {
    /** Whether it was asked for and has not failed. */
    begun: () => doing !== undefined,
    run(...args: A): Promise<void> {
      doing ??= work(...args).catch((error: unknown) => {
        doing = undefined;
        throw error;
      });
      return doing;
    },
  };
}
