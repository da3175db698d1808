import type { BuildTimes } from '../../../src/ports/build-times.ts';

/** Build times in memory, of each build at most `limit` instructions. */
export function createMemoryBuildTimes({ limit = 500 }: { readonly limit?: number } = {}): BuildTimes {
  const builds = new Map<string, Map<string, number>>();
  return {
    read: async (build) => new Map(builds.get(build)),
    async note(build, times) {
      const known = builds.get(build) ?? new Map<string, number>();
      builds.set(build, known);
      for (const [instruction, seconds] of times) {
        known.delete(instruction);
        known.set(instruction, Math.round(seconds * 1000) / 1000);
      }
      for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - limit))) known.delete(oldest);
    },
  };
}
