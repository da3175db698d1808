/** The addresses of the real Redis, Docker Engine and registry that `npm test` has started for the tests. */
export interface RealParts {
  readonly redisUrl: string;
  readonly dockerHost: string;
  /** host:port. */
  readonly registry: string;
}

/** The environment variables through which test/run.ts tells the test processes about the parts. */
export const REAL_PARTS_VARIABLES = {
  redisUrl: 'SLIPWAY_TEST_REDIS_URL',
  dockerHost: 'SLIPWAY_TEST_DOCKER_HOST',
  registry: 'SLIPWAY_TEST_REGISTRY',
} as const;

/** Where the real parts are. A file that imports this one gets them from the runner; busybox is on the engine. */
export function realParts(): RealParts {
  const read = (variable: string) => {
    const value = process.env[variable];
    if (value) return value;
    throw new Error(
      `${variable} is not set: this test needs real parts. Run it through npm test (npm test -- PART-OF-ITS-PATH).`,
    );
  };
  const { redisUrl, dockerHost, registry } = REAL_PARTS_VARIABLES;
  return { redisUrl: read(redisUrl), dockerHost: read(dockerHost), registry: read(registry) };
}
