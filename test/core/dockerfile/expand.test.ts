import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expand } from '../../../src/core/dockerfile/expand.ts';

const values = new Map([
  ['X', 'x'],
  ['EMPTY', ''],
]);

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Docker's variables, not JavaScript's
const cases = [
  { word: 'a', text: 'a' },
  { word: '$X', text: 'x', names: ['X'] },
  { word: 'a-${X}-b', text: 'a-x-b', names: ['X'] },
  { word: '$X-b', text: 'x-b', names: ['X'] },
  { word: '$X$X', text: 'xx', names: ['X'] },
  { word: 'a:$NONE', text: 'a:', names: ['NONE'] },
  { word: '${EMPTY:-d}', text: 'd' },
  { word: '${EMPTY-d}', text: '' },
  { word: '${NONE:-d}', text: 'd' },
  { word: '${NONE-d}', text: 'd' },
  { word: '${X:-d}', text: 'x' },
  { word: '${X-d}', text: 'x' },
  { word: '${X:+other}', text: 'other' },
  { word: '${EMPTY:+other}', text: '' },
  { word: '${EMPTY+other}', text: 'other' },
  { word: '${NONE+other}', text: '' },
  { word: '${NONE:-${X}}y', text: 'xy', names: ['X'] },
  { word: '${NONE:-${ALSO:-z}}', text: 'z' },
  { word: '"$X"', text: 'x', names: ['X'] },
  { word: "'$X'", text: '$X' },
  { word: '"a b"c', text: 'a bc' },
  { word: `"it's"`, text: "it's" },
  { word: '\\$X', text: '$X' },
  { word: '"\\"\\n"', text: '"\\n' },
  { word: 'a$', text: 'a$' },
  { word: '$1', text: '$1' },
  { word: '${X:?why}', text: 'x' },
  { word: '${NONE:?give one}', text: '', problem: /"NONE" has no value: give one/ },
  { word: '${EMPTY:?}', text: '', problem: /must have one/ },
  { word: '${EMPTY?}', text: '' },
  { word: '${X#a}', text: '', problem: /"\$\{X#a\}"/ },
  { word: '${X', text: '', problem: /"\$\{X"/ },
  { word: '${}', text: '', problem: /not understood/ },
] as const satisfies readonly { word: string; text: string; names?: readonly string[]; problem?: RegExp }[];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Docker's variables, not JavaScript's

for (const { word, text, ...rest } of cases) {
  test(`${word} is "${text}"`, () => {
    const expansion = expand(word, (name) => values.get(name), '\\');
    assert.equal(expansion.text, text);
    assert.deepEqual(expansion.names, 'names' in rest ? rest.names : []);
    if ('problem' in rest) assert.match(expansion.problem ?? '', rest.problem);
    else assert.equal(expansion.problem, undefined);
  });
}

test('defaults within defaults have an end', () => {
  const nested = (depth: number) => expand(`${'${N:-'.repeat(depth)}x${'}'.repeat(depth)}`, () => undefined, '\\');
  assert.equal(nested(20).text, 'x');
  assert.match(nested(50_000).problem ?? '', /too often/);
});

test('the escape character may be a back-tick', () => {
  assert.equal(expand('`$X\\', (name) => values.get(name), '`').text, '$X\\');
});
