/** What finding layers has saved a build: how long its instructions took when they last ran. */
import { createHash } from 'node:crypto';
import type { BuildStep } from '../../task-schemas/index.ts';
import { formatReference, parseImageReference } from './image-reference.ts';

/** An instruction of a build, as BuildKit tells of it. */
export interface TimedInstruction {
  /** Platform and name of the stage; empty where a build has only one stage. */
  readonly stage: string;
  /** Its place in the stage. */
  readonly place: number;
  readonly text: string;
  /** Whether its layer was there; it did not run then. */
  readonly cached: boolean;
  readonly seconds: number;
}

/** Seconds by instruction, which a short text stands for that does not tell it (`learnFrom`). */
export type InstructionTimes = ReadonlyMap<string, number>;

/** What a build came to beside what is known. */
export interface Learned {
  /** How long the instructions whose layers were there took before, added up; undefined when that is known of none. */
  readonly savedSeconds: number | undefined;
  /** What to remember: how long the others took now, and what was known of these. */
  readonly times: InstructionTimes;
}

/**
 * The name that a build has in all runs of its step: that of the image with its layers, or that of the step beside the
 * repository of its first image. Undefined for a build without an image: nothing tells it from those of other tasks.
 */
export function nameOfBuild({ id, cache, images: [first = ''] }: BuildStep): string | undefined {
  if (cache?.kind === 'kept') return cache.image;
  const reference = parseImageReference(first);
  if (reference.kind === 'invalid') return undefined;
  const { domain, path } = reference;
  return `${formatReference({ domain, path })} ${id}`;
}

/** Compares a build with what is known of earlier ones; pure. */
export function learnFrom(instructions: readonly TimedInstruction[], known: InstructionTimes): Learned {
  const times = new Map<string, number>();
  let saved: number | undefined;
  for (const [key, { cached, seconds }] of byKey(instructions)) {
    const took = cached ? known.get(key) : seconds;
    if (took === undefined) continue;
    times.set(key, took);
    if (cached) saved = (saved ?? 0) + took;
  }
  return { savedSeconds: saved === undefined ? undefined : inMilliseconds(saved), times };
}

/**
 * The place is left out, so that an instruction stays the same when another comes before it; among equal ones in a stage
 * the first stays the first. The hash keeps to itself what an argument of the build has put into the text.
 */
function byKey(instructions: readonly TimedInstruction[]): readonly (readonly [string, TimedInstruction])[] {
  const seen = new Map<string, number>();
  return instructions
    .toSorted((one, other) => one.place - other.place)
    .map((instruction) => {
      const name = JSON.stringify([instruction.stage, instruction.text]);
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      const hash = createHash('sha256').update(`${count} ${name}`).digest('base64url');
      return [hash.slice(0, KEY_LENGTH), instruction] as const;
    });
}

/** 96 bits: no two of a few hundred are alike. */
const KEY_LENGTH = 16;

function inMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
