/** A base image that can be made on this machine, without any registry. */
export interface Recipe {
  readonly kind: 'busybox' | 'debian' | 'node' | 'redis' | 'registry';
  /** Every reference the made image answers to; the first is the one to look for. */
  readonly references: readonly [string, ...string[]];
  /** For `node`: the major version. */
  readonly major?: number;
}

/** Debian's release the images are made from; those of Docker Hub carry its name in their tags. */
export const SUITE = 'bookworm';

/** Bumped when a recipe changes, so that images kept from an older one are made anew. */
export const RECIPE_VERSION = 1;

const SIMPLE: readonly Recipe[] = [
  { kind: 'busybox', references: ['busybox:latest', 'busybox:1', 'busybox:stable', 'busybox:glibc'] },
  {
    kind: 'debian',
    references: ['debian:bookworm-slim', 'debian:bookworm', 'debian:12-slim', 'debian:12', 'debian:latest'],
  },
  { kind: 'redis', references: ['redis:7', 'redis:latest', 'redis:7-bookworm'] },
  { kind: 'registry', references: ['registry:2', 'registry:latest'] },
];

/** The majors that the npm package of Node's own builds is taken in; the first is what `node:latest` means here. */
const NODE_MAJORS = [22, 20];

/** `name` with the tag it has when none is written. */
export function withTag(name: string): string {
  return name.includes(':') ? name : `${name}:latest`;
}

/** How to make the image `name` (like "busybox" or "node:22-slim"), or undefined when there is no recipe for it. */
export function recipeFor(name: string): Recipe | undefined {
  const wanted = withTag(name);
  return recipes().find(({ references }) => references.includes(wanted));
}

/** Every reference there is a recipe for. */
export function knownReferences(): string[] {
  return recipes().flatMap(({ references }) => references);
}

function recipes(): Recipe[] {
  return [...SIMPLE, ...NODE_MAJORS.map((major, index) => nodeRecipe(major, index === 0))];
}

function nodeRecipe(major: number, isLatest: boolean): Recipe {
  const bases = ['', '-slim', `-${SUITE}`, `-${SUITE}-slim`];
  const latest = isLatest ? ['node:latest', 'node:slim', 'node:lts', 'node:lts-slim'] : [];
  return {
    kind: 'node',
    major,
    references: [`node:${major}`, ...bases.slice(1).map((base) => `node:${major}${base}`), ...latest],
  };
}
