/** Where we differ from the reference on purpose, as `deviations.json` says. */
import { readFileSync } from 'node:fs';
import { type ConformanceCase, isObject, type Json, type JsonObject } from './case.ts';
import type { Difference } from './compare.ts';

/**
 * A wanted difference. It holds for the cases that it names, and for every case that an entry of `like` describes, so
 * that a case nobody has seen yet is judged by the rule and not by its name.
 */
export interface Deviation {
  readonly rule: string;
  /** Why a user is better off. */
  readonly reason: string;
  readonly cases: readonly string[];
  readonly like: readonly Like[];
}

/** What a case must be like: all that is given must hold. */
export interface Like {
  readonly area: string;
  /** Occurs in the input; `key` names the part of it (or of what is recorded) that is meant, absent: any of the input. */
  readonly input: RegExp;
  readonly key?: string;
  /** Matches the kind of error that is recorded; absent: none needs to be. */
  readonly recorded?: RegExp;
  /** Matches the path of every difference. */
  readonly differs: RegExp;
  /** Matches every error that we report, of which there must be one; absent: we report none. */
  readonly errors?: RegExp;
}

/** Reads the list beside this file; throws when an entry is not one. */
export function readDeviations(): readonly Deviation[] {
  return parseDeviations(readFileSync(new URL('./deviations.json', import.meta.url), 'utf8'));
}

/** Reads a list of deviations. */
export function parseDeviations(text: string): readonly Deviation[] {
  const entries: Json = JSON.parse(text);
  if (!Array.isArray(entries)) throw new Error('The deviations are not a list.');
  return entries.map((entry: Json) => {
    if (!isObject(entry)) throw new Error('A deviation is an object.');
    const { rule, reason, cases = [], like = [] } = entry;
    if (typeof rule !== 'string' || typeof reason !== 'string' || reason.length < 20)
      throw new Error(`A deviation needs a rule and a reason: ${JSON.stringify(entry)}`);
    if (!Array.isArray(cases)) throw new Error(`The cases of "${rule}" are not a list.`);
    const likes = (Array.isArray(like) ? like : [like]).map((each: Json) => parseLike(each, rule));
    return { rule, reason, cases: cases.map(String), like: likes };
  });
}

function parseLike(like: Json, rule: string): Like {
  const { area, input, key, recorded, differs, errors } = isObject(like) ? like : {};
  if (typeof area !== 'string' || typeof input !== 'string' || typeof differs !== 'string')
    throw new Error(`What "${rule}" is like needs area, input and differs.`);
  const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
  return {
    area,
    input: new RegExp(input, 'm'),
    differs: whole(differs),
    ...(typeof key === 'string' ? { key } : {}),
    ...(typeof recorded === 'string' ? { recorded: whole(recorded) } : {}),
    ...(typeof errors === 'string' ? { errors: whole(errors) } : {}),
  };
}

/** The deviation that explains all differences of a case; undefined when none does. */
export function explain(
  { name, area, given }: ConformanceCase,
  found: readonly Difference[],
  deviations: readonly Deviation[],
): Deviation | undefined {
  return deviations.find(({ cases, like }) => {
    if (cases.includes(name)) return true;
    return like.some((each) => each.area === area && isLike(each, given) && fits(each, found));
  });
}

function isLike({ input, key, recorded }: Like, { expect, ...given }: JsonObject): boolean {
  const kind = isObject(expect) && typeof expect.errorKind === 'string' ? expect.errorKind : '';
  const recordedPart = isObject(expect) && key !== undefined ? expect[key] : undefined;
  const inner = isObject(given.input) && key !== undefined ? given.input[key] : undefined;
  const texts = textsOf(key === undefined ? given : (given[key] ?? inner ?? recordedPart ?? null));
  return (recorded?.test(kind) ?? true) && texts.some((text) => input.test(text));
}

function fits({ differs, errors }: Like, found: readonly Difference[]): boolean {
  const reported = found.flatMap(({ path, got }) => (/^errorKinds?$/.test(path) ? textsOf(got ?? null) : []));
  const isReported = errors === undefined ? reported.length === 0 : reported.length > 0;
  return isReported && found.every(({ path }) => differs.test(path)) && reported.every((code) => errors?.test(code));
}

/** All texts of an input. */
function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]) : [];
}
