/** Where images go when neither an option nor the environment says it: the registry that `slipway up` starts first. */
const DEFAULT_REGISTRY = 'localhost:5000';

/** The registry behind `{{.Run.Registry}}` as far as this machine knows: option, SLIPWAY_REGISTRY, a default. */
export function registryOf(option: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  return option ?? (env.SLIPWAY_REGISTRY || DEFAULT_REGISTRY);
}
