import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cureInContainer } from '../../../../src/core/plan/words/shell-cure.ts';
import { quoteWord, splitWords } from '../../../../src/core/plan/words/shell-words.ts';
import { parseTaskFile } from '../../../../src/core/task-file/parse.ts';
import { createSourceText } from '../../../../src/core/task-file/source-text.ts';
import { joined, tries } from '../../../support/arbitraries/property.ts';

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

const heads = ['busybox', '-e "A=b: c" busybox', '"busybox"', '-e A=1 \\\n busybox', '--entrypoint sh busybox'];

test('what is written instead of an operator is put into a file as it is, and needs no shell any more', () => {
  let cured = 0;
  const property = fc.property(fc.constantFrom(...heads), text, (head, script) => {
    const given = `${head} ${script}`;
    const split = splitWords(given);
    if (split.kind !== 'operator') return;
    const [, cure] =
      /^Run a shell in the container:\n(cmd: .*)$/s.exec(cureInContainer(given, split.at, { written: given })) ?? [];
    if (cure === undefined) return;
    cured++;
    const read = parseTaskFile(createSourceText('cure.yaml', `steps:\n  - ${cure}`));
    const [step] = read.ok ? read.value.steps : [];
    assert.ok(step?.kind === 'cmd', JSON.stringify([cure, read]));
    const words = splitWords(step.cmd);
    assert.equal(words.kind, 'words', JSON.stringify(cure));
    if (step.cmd.includes('\n')) return;
    assert.equal(`cmd: ${step.cmd}`, cure);
  });
  fc.assert(property, tries(3000));
  assert.ok(cured > 200, `only ${cured} texts had a cure`);
});
