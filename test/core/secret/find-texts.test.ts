import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFindTexts } from '../../../src/core/secret/find-texts.ts';

/** The same, by looking at every place for every text. */
function slowly(needles: readonly string[], text: string): { start: number; end: number }[] {
  const hidden = Array.from({ length: text.length }, () => false);
  const starts = new Set<number>();
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      hidden.fill(true, at, at + needle.length);
      starts.add(at);
    }
  }
  return hidden.flatMap((is, at) => (is ? [at] : [])).map((at) => ({ start: at, end: at + 1 }));
}

const letters = fc.constantFrom('a', 'b', 'é', '\u0100', '🚀');
const needle = fc.string({ unit: letters, minLength: 2, maxLength: 6 });

test('it finds what looking at every place finds', () => {
  fc.assert(
    fc.property(fc.array(needle, { maxLength: 6 }), fc.string({ unit: letters, maxLength: 60 }), (needles, text) => {
      const found = createFindTexts(needles)(text);
      const places = found.flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, index) => ({ start: start + index, end: start + index + 1 })),
      );
      assert.deepEqual(places, slowly(needles, text));
    }),
    { numRuns: 2_000 },
  );
});
