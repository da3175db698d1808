import type { TestContext } from 'node:test';

const stacks = new WeakMap<TestContext, (() => unknown)[]>();

/**
 * Runs `work` at the end of the test, the last registered first and past errors: what a test starts in a folder is
 * stopped before the folder goes. (`t.after` runs in the order of registration and stops at the first error.)
 */
export function cleanUp(t: TestContext, work: () => unknown): void {
  const stack = stacks.get(t);
  if (stack !== undefined) {
    stack.push(work);
    return;
  }
  const fresh = [work];
  stacks.set(t, fresh);
  t.after(async () => {
    const errors: unknown[] = [];
    for (let next = fresh.pop(); next !== undefined; next = fresh.pop()) {
      try {
        await next();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `The test did not clean up: ${errors.join('; ')}`);
  });
}
