import type { InstructionTimes } from '../core/build-times.ts';

/**
 * How long the instructions of builds took when they last ran, for all workers of an installation: by that a build whose
 * layers were there can tell what they saved.
 *
 * - A build has a name that is the same in all runs of its step (`nameOfBuild`); names and instructions are any texts.
 * - What was noted is kept for 90 days after the last note of its build, and of a build at most as many instructions as
 *   the store says, those that were noted last. To note what is known already keeps it.
 * - Times are kept to the millisecond.
 * - Any number of processes may note at once: all take effect, and of one instruction the last.
 * - Both reject only for faults (store unreachable). Nothing depends on an answer: without one, a number is missing in a
 *   report.
 */
export interface BuildTimes {
  /** What is known of a build; empty when that is nothing. */
  read(build: string): Promise<InstructionTimes>;
  /** Adds to it, or puts new times in the place of old ones. */
  note(build: string, times: InstructionTimes): Promise<void>;
}
