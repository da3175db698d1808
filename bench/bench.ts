/** What a bench is: one or more figures, each of which sets our way of doing something against the plain one. */
import type { World } from './world/world.ts';

/** Which of the two ways is measured. */
export type Side = 'ours' | 'baseline';

/** One measurement. Both parts reject when something is not as it should be. */
export interface Trial {
  /** What is timed. */
  work(): Promise<void>;
  /** Looks at what the work has left; not timed. */
  check?(): Promise<void>;
}

/** Something that is measured both ways, in seconds. */
export interface Figure {
  /** Lower case, with dashes; unique among all benches. */
  readonly name: string;
  /** What is compared, for people. */
  readonly about: string;
  /** The greatest ratio of ours to the baseline that is good; without one the figure only informs. */
  readonly atMost?: number;
  /**
   * Prepares one measurement. `round` counts from 0 (the warm-up); with `side` it is unique, so content that must be new
   * to all caches can be made from the two.
   */
  prepare(side: Side, round: number): Promise<Trial>;
}

/** A bench as the command line knows it. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  /** Makes the figures; what they need on disk goes into `world.folder`. */
  open(world: World): Promise<readonly Figure[]>;
}
