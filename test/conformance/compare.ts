import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from './case.ts';

/** One field that is not as recorded; undefined is an absent one. */
export interface Difference {
  /** Such as `steps[0].env`. */
  readonly path: string;
  readonly expected: Json | undefined;
  readonly got: Json | undefined;
}

/** Texts of the reference itself, and commands that no engine of ours gives: never compared. */
const INFORMATIVE = new Set(['peerMessage', 'dockerCommand']);

/** Lists whose order says nothing. */
const UNORDERED = /(?:^|\.)(?:buildtime-dependency|roots|dependsOn)$/;

/**
 * What differs between a recorded outcome and ours, field by field. An invalid input is as recorded when ours is
 * invalid too and the recorded kind of error is among those we report: we report all, the reference the first.
 */
export function compareOutcome(expected: Json, got: Json): readonly Difference[] {
  if (!isObject(expected) || !isObject(got) || expected.valid !== false) return differences('', expected, got);
  if (got.valid !== false) return [{ path: 'valid', expected: false, got: got.valid }];
  const { errorKind } = expected;
  const kinds = Array.isArray(got.errorKinds) ? got.errorKinds : [];
  return kinds.includes(errorKind) ? [] : [{ path: 'errorKind', expected: errorKind, got: kinds }];
}

function differences(path: string, expected: Json | undefined, got: Json | undefined): readonly Difference[] {
  if (isObject(expected) && isObject(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    const inner = [...keys].filter((key) => !INFORMATIVE.has(key)).sort();
    return inner.flatMap((key) => differences(path === '' ? key : `${path}.${key}`, expected[key], got[key]));
  }
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    const [left, right] = UNORDERED.test(path) ? [sorted(expected), sorted(got)] : [expected, got];
    return left.flatMap((item, index) => differences(`${path}[${index}]`, item, right[index]));
  }
  return isDeepStrictEqual(expected, got) ? [] : [{ path, expected, got }];
}

function sorted(items: readonly Json[]): readonly Json[] {
  return [...items].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
