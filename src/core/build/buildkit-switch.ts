/** What a step says of the builder: `DOCKER_BUILDKIT` in its env, as the client of Docker reads it. */
export type BuildKitSwitch =
  | { readonly kind: 'unsaid' | 'on' }
  | { readonly kind: 'off'; readonly value: string }
  /** Neither true nor false: Docker does not build then. */
  | { readonly kind: 'unreadable'; readonly value: string };

const NAME = 'DOCKER_BUILDKIT=';
/** The words of Go's `strconv.ParseBool`. */
const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Reads the switch; of several the last one counts, and an empty one says nothing. */
export function readBuildKitSwitch(env: readonly string[]): BuildKitSwitch {
  const value = env.findLast((entry) => entry.startsWith(NAME))?.slice(NAME.length) ?? '';
  if (value === '') return { kind: 'unsaid' };
  if (TRUE.has(value)) return { kind: 'on' };
  return { kind: FALSE.has(value) ? 'off' : 'unreadable', value };
}
