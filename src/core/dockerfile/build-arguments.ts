/**
 * What the ARGs of a Dockerfile are worth. As in the reference (section 7.2), scope is the whole file from the ARG
 * downwards, the value that came first stays, and a given build argument comes before them all.
 */

/** The values known so far. */
export interface BuildArguments {
  valueOf(name: string): string | undefined;
  /** Whether an ARG names it, or Docker declares it by itself. */
  isDeclared(name: string): boolean;
  /** Takes an ARG with its default, if it has one. */
  declare(name: string, value: string | undefined): void;
}

/** Platforms of a build as `os/architecture[/variant]`; Docker makes arguments of them. */
export interface BuildPlatforms {
  readonly target?: string;
  readonly build?: string;
}

const PLATFORM_ARGUMENTS = ['TARGET', 'BUILD'].flatMap((side) =>
  ['PLATFORM', 'OS', 'ARCH', 'VARIANT'].map((part) => side + part),
);

/** Whether Docker itself gives an argument its value, from the platform of the build. */
export function isPlatformArgument(name: string): boolean {
  return PLATFORM_ARGUMENTS.includes(name);
}

/**
 * Starts with what is given from outside.
 * @param given build arguments, `KEY=VALUE` each; one without `=` counts for nothing
 */
export function createBuildArguments(given: readonly string[], platforms: BuildPlatforms = {}): BuildArguments {
  const values = new Map<string, string>([
    ...platformValues('BUILD', platforms.build),
    ...platformValues('TARGET', platforms.target),
  ]);
  const declared = new Set(PLATFORM_ARGUMENTS);
  for (const argument of given) {
    const separator = argument.indexOf('=');
    if (separator > 0) values.set(argument.slice(0, separator), trimQuotes(argument.slice(separator + 1)));
  }
  return {
    valueOf: (name) => values.get(name),
    isDeclared: (name) => declared.has(name),
    declare(name, value) {
      declared.add(name);
      if (value !== undefined && !values.has(name)) values.set(name, value);
    },
  };
}

function platformValues(side: string, platform: string | undefined): readonly (readonly [string, string])[] {
  if (platform === undefined) return [];
  const [os = '', arch = '', variant = ''] = platform.split('/');
  return [
    [`${side}PLATFORM`, platform],
    [`${side}OS`, os],
    [`${side}ARCH`, arch],
    [`${side}VARIANT`, variant],
  ];
}

/** Quotes that were meant for a shell are no part of a value; no image name has any. */
function trimQuotes(value: string): string {
  return value.replace(/^"+|"+$/g, '').replace(/^'+|'+$/g, '');
}
