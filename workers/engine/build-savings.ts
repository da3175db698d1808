import { learnFrom, nameOfBuild, type TimedInstruction } from '../../src/core/build-times.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { endsWithin } from './race-abort.ts';

/** What the layers that a build finds save it. */
export interface BuildSavings {
  /**
   * The seconds that it saved, undefined when nobody knows; and remembers what the build has learned. Never rejects, and
   * waits for a store that does not answer only for moments: the build was long enough to ask it.
   */
  settle(instructions: readonly TimedInstruction[]): Promise<number | undefined>;
}

/** How long a build that is over waits for what was asked when it began. */
const ANSWER_MS = 250;
/** How long the end of the attempt waits for what is being noted. */
const NOTE_MS = 1_000;

/** Begins to ask what is known of earlier builds of the step, beside the build. */
export function openBuildSavings(
  step: BuildStep,
  { buildTimes, keepTrack }: Pick<AttemptRoom, 'buildTimes' | 'keepTrack'>,
): BuildSavings {
  const build = nameOfBuild(step);
  if (buildTimes === undefined || build === undefined) return { settle: async () => undefined };
  let known: ReadonlyMap<string, number> = new Map();
  const asking = buildTimes.read(build).then(
    (times) => {
      known = times;
    },
    // A store that is away costs a number in the report.
    () => undefined,
  );
  return {
    async settle(instructions) {
      await endsWithin(asking, ANSWER_MS);
      const { savedSeconds, times } = learnFrom(instructions, known);
      if (times.size > 0) keepTrack(endsWithin(buildTimes.note(build, times), NOTE_MS));
      return savedSeconds;
    },
  };
}
