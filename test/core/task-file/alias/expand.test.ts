import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandFirstWord } from '../../../../src/core/task-file/alias/expand.ts';
import { splitSection } from '../../../../src/core/task-file/alias/split-section.ts';
import { substituteAliases } from '../../../../src/core/task-file/alias/substitute.ts';
import { findVersion, hasAliases } from '../../../../src/core/task-file/alias/version-line.ts';

const versions = [
  ['', ''],
  ['version: v1.1.0', 'v1.1.0'],
  ['\nversion  : v1.1.0    \n', 'v1.1.0'],
  ['a: b\n"version": "v1.1.0\'', 'v1.1.0'],
  ['version: v1.1.0\r\nx', 'v1.1.0'],
  ['versionOfTask:v1.1.0', ''],
  ['version', ''],
  [' version: v1.1.0', ''],
  ['version:foo:bar', 'foo:bar'],
  ['version: one\nversion: two', 'one'],
] as const;

for (const [text, expected] of versions) {
  test(`the version line of ${JSON.stringify(text)}`, () => assert.equal(findVersion(text), expected));
}

test('aliases begin with v1.1.0, byte by byte', () => {
  const texts = ['', 'v1.0.0', '1.0-preview-1', 'V1.1.0', 'v1.1.0', 'v1.1.0 # x', 'v1.2.0', '{{.Values.v}}'];
  assert.deepEqual(texts.map(hasAliases), [false, false, false, false, true, true, true, true]);
});

const sections = [
  { name: 'in the middle', text: 'a: 1\nalias:\n  values:\n    x: y\n\nb: 2', section: [1, 2, 3, 4], rest: [0, 5, 6] },
  { name: 'two of them', text: 'alias:\n  x: 1\na: 1\nalias : {}\nb: 2', section: [0, 1, 3], rest: [2, 4, 5] },
  { name: 'list entries without a colon stay in it', text: 'alias:\n- x\nb: 2', section: [0, 1], rest: [2, 3] },
  { name: 'at the end', text: 'a: 1\nalias: {}\n', section: [1], rest: [0, 2] },
  { name: 'none', text: 'aliases: 1\n alias: 2', section: [], rest: [0, 1, 2] },
] as const;

for (const { name, text, section, rest } of sections) {
  test(`alias section: ${name}`, () => {
    const split = splitSection(text);
    assert.deepEqual([split.section.origins, split.rest.origins], [section, rest]);
  });
}

const aliases = new Map([
  ['a', 'one'],
  ['b', 'x\ny'],
  ['c', '$a'],
  ['0', 'zero'],
]);
const texts = [
  { text: 'i $a $b', expected: 'i one x\ny' },
  { text: '$a$a-$0', expected: 'oneone-zero' },
  { text: '$aa $nope $(a) $', expected: '$aa $nope $(a) $' },
  { text: '$$a $$$a $$', expected: '$a $one $' },
  { text: '$c', expected: '$a' },
  { text: '$zzz$a', expected: '$zzzone' },
  { text: '{{$a}}', expected: '{{one}}' },
  { text: 'end$a', expected: 'endone' },
] as const;

for (const { text, expected } of texts) {
  test(`${text} becomes ${JSON.stringify(expected)}`, () =>
    assert.equal(substituteAliases(text, '$', aliases)?.text, expected));
}

test('another directive may be any sign', () => {
  assert.equal(substituteAliases('🐳a🐳🐳a $a', '🐳', aliases)?.text, 'one🐳a $a');
});

test('lines of values belong to the line that used them', () => {
  assert.deepEqual(substituteAliases('p\n$b $b\nq', '$', aliases)?.origins, [0, 1, 1, 1, 2]);
});

const firstWords = [
  { cmd: 'bash echo  x', expected: 'img echo  x' },
  { cmd: '   bash  x  ', expected: 'img  x' },
  { cmd: 'echo bash', expected: 'echo bash' },
  { cmd: '  other x ', expected: '  other x ' },
  { cmd: 'bash:3 x', expected: 'bash:3 x' },
] as const;

for (const { cmd, expected } of firstWords) {
  test(`the first word of "${cmd}"`, () => assert.equal(expandFirstWord(cmd, new Map([['bash', 'img']])), expected));
}
