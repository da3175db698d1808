import type { ContextFetcher } from '../../../src/ports/context-fetcher.ts';

/** For runs whose builds take their files from the workspace. */
export const noContexts: ContextFetcher = (context) =>
  Promise.reject(new Error(`The test does not expect anybody to fetch ${context}.`));
