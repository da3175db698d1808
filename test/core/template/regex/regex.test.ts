import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBudget, DEFAULT_LIMITS } from '../../../../src/core/template/budget.ts';
import { createRegex, find, findAll, groupText } from '../../../../src/core/template/regex/regex.ts';

const budget = createBudget({ ...DEFAULT_LIMITS, steps: 100_000_000 });

/** A generator of pseudo-random numbers (xorshift32). */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function randomPattern(random: (limit: number) => number, depth: number): string {
  const atoms = ['a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '^', '$', '\\b'];
  const atom = (): string => {
    if (depth === 0 || random(3) > 0) return atoms[random(atoms.length)] ?? '';
    const inner = randomPattern(random, depth - 1);
    return random(2) === 0 ? `(${inner})` : `(?:${inner}|${randomPattern(random, depth - 1)})`;
  };
  const repeats = ['', '', '', '?', '*', '+', '*?', '+?', '{1,2}'];
  return Array.from({ length: 1 + random(4) }, () => {
    const one = atom();
    return /^(?:\^|\$|\\b)$/.test(one) ? one : one + (repeats[random(repeats.length)] ?? '');
  }).join('');
}

test('the whole match is the one that a backtracking engine finds', () => {
  const random = createRandom(5);
  for (let round = 0; round < 3000; round++) {
    const source = randomPattern(random, 2);
    const text = Array.from({ length: random(9) }, () => 'abc\n x'.charAt(random(6))).join('');
    const match = find(createRegex(source, budget), text, 0, budget);
    const expected = new RegExp(source, 'u').exec(text);
    const found = match === undefined ? undefined : [match[0], groupText(text, match, 0)];
    // Repeating what can be empty is the one thing that both engines see differently: there only the start must agree.
    const repeatsEmpty = /\)[*+?{]/.test(source);
    if (repeatsEmpty) assert.equal(found?.[0], expected?.index, `${source} in ${JSON.stringify(text)}`);
    else
      assert.deepEqual(
        found,
        expected === null ? undefined : [expected.index, expected[0]],
        `${source} in ${JSON.stringify(text)}`,
      );
  }
});

test('groups say where they matched', () => {
  const regex = createRegex('(?P<first>a+)(b)?', budget);
  const matches = findAll(regex, 'aab-a', -1, budget);
  assert.deepEqual(
    matches.map((match) => [0, 1, 2].map((group) => groupText('aab-a', match, group))),
    [
      ['aab', 'aa', 'b'],
      ['a', 'a', ''],
    ],
  );
  assert.deepEqual([...regex.groupNames], [['first', 1]]);
});
