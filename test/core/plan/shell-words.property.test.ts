import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cureInContainer } from '../../../src/core/plan/shell-cure.ts';
import { quoteWord, splitWords } from '../../../src/core/plan/shell-words.ts';
import { joined, tries } from '../../support/arbitraries/property.ts';

const signs = fc.constantFrom(
  ...'ab |&;<>()$`"\'\\#\n\r\t*={}'.split(''),
  '$(',
  '&&',
  '\\\n',
  '\\\r\n',
  'é',
  '🐳',
  '\0',
  '\u00a0',
);
const text = fc.oneof(joined(signs, '', 30), fc.string({ unit: 'binary' }));

test('words in quotes are read back as they were', () => {
  const property = fc.property(fc.array(text), fc.constantFrom(' ', '\t ', ' \\\n'), (words, between) => {
    const split = splitWords(words.map(quoteWord).join(between));
    assert.deepEqual(split.kind === 'words' ? split.words.map(({ value }) => value) : split, words);
  });
  fc.assert(property, tries(3000));
});

test('words lie in the text one after the other, and what is wrong with it does too', () => {
  const property = fc.property(text, (given) => {
    const split = splitWords(given);
    if (split.kind !== 'words') {
      assert.ok(split.at >= 0 && split.at < given.length);
      return;
    }
    let last = 0;
    for (const { start, end, expansion = start } of split.words) {
      assert.ok(last <= start && start < end && end <= given.length && start <= expansion && expansion < end);
      last = end;
    }
  });
  fc.assert(property, tries(3000));
});

test('what is written instead of an operator needs no shell any more', () => {
  const property = fc.property(text, (script) => {
    const given = `busybox ${script}`;
    const split = splitWords(given);
    if (split.kind !== 'operator') return;
    const cure = cureInContainer(given, split.at);
    // The block scalar of a cure of several lines is put back into the text that it stands for.
    const line = cure
      .replace(/^.*\ncmd: /, '')
      .replace(/^\|\n {2}/, '')
      .replaceAll('\n  ', '\n');
    assert.equal(splitWords(line).kind, 'words', JSON.stringify(cure));
  });
  fc.assert(property, tries(3000));
});
