import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGraph, type GraphStep } from '../../../src/core/plan/graph.ts';

/** `a b:-,a c` reads as steps a, b (when - and a) and c. */
function steps(text: string): readonly GraphStep[] {
  return text.split(' ').map((word) => {
    const [id = '', when] = word.split(':');
    return { id, when: when === undefined ? [] : when.split(',') };
  });
}

const graphs = [
  { name: 'one after the other', text: 'a b c', expected: [[], ['a'], ['b']] },
  { name: 'at once', text: 'a:- b:- c:-', expected: [[], [], []] },
  { name: 'without when: only the step just above', text: 'a:- b:- c', expected: [[], [], ['b']] },
  { name: 'several', text: 'a:- b:- c:b,a', expected: [[], [], ['b', 'a']] },
  { name: 'repeated names count once', text: 'a b:a,a', expected: [[], ['a']] },
  { name: 'the hidden root', text: 'a b:acb_root', expected: [[], []] },
  { name: 'letters’ case counts', text: 'abc ABC:abc', expected: [[], ['abc']] },
] as const;

for (const { name, text, expected } of graphs) {
  test(`graph: ${name}`, () => assert.deepEqual(buildGraph(steps(text)), { dependsOn: expected, problems: [] }));
}

const problems = [
  { text: 'a:b b', expected: [{ kind: 'below', step: 0, entry: 0 }] },
  { text: 'a:a', expected: [{ kind: 'self', step: 0, entry: 0 }] },
  { text: 'acb_root:acb_root', expected: [{ kind: 'self', step: 0, entry: 0 }] },
  { text: 'a a', expected: [{ kind: 'duplicate-id', step: 1 }] },
  { text: 'build b:biuld', expected: [{ kind: 'unknown', step: 1, entry: 0, near: 'build' }] },
  { text: 'a b:a,zz,zz', expected: [{ kind: 'unknown', step: 1, entry: 1 }] },
  { text: 'a b:', expected: [{ kind: 'unknown', step: 1, entry: 0 }] },
] as const;

for (const { text, expected } of problems) {
  test(`graph: ${text} is wrong`, () => assert.deepEqual(buildGraph(steps(text)).problems, expected));
}
