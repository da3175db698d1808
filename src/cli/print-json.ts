import type { Screen } from './screen.ts';

/** Prints one JSON document on standard output: what `--json` promises, and all that may appear there. */
export async function printJson(value: unknown, screen: Screen): Promise<void> {
  await screen.out(`${JSON.stringify(value, undefined, 2)}\n`);
}
