import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineSplitter, cutLongLines, MAX_LINE_BYTES } from '../../../workers/output/line-splitter.ts';
import { createMask } from '../../../workers/output/mask.ts';

const nothing = createMask([]);

function split(...chunks: (string | Uint8Array)[]): string[] {
  const splitter = createLineSplitter(nothing);
  const blocks = chunks.map((chunk) => splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  return [...blocks, splitter.end()]
    .filter((block) => block !== undefined)
    .flatMap((block) => cutLongLines(block).split('\n'));
}

const cases = [
  { name: 'whole lines', chunks: ['a\nb\n'], lines: ['a', 'b'] },
  { name: 'a line over two chunks', chunks: ['hel', 'lo\n'], lines: ['hello'] },
  { name: 'a last line without end', chunks: ['a\nb'], lines: ['a', 'b'] },
  { name: 'empty lines', chunks: ['\n\na\n'], lines: ['', '', 'a'] },
  { name: 'Windows line ends', chunks: ['a\r\nb\r', '\nc\r\n'], lines: ['a', 'b', 'c'] },
  { name: 'a carriage return inside a line stays', chunks: ['10%\r20%\n'], lines: ['10%\r20%'] },
  { name: 'nothing', chunks: [], lines: [] },
];

for (const { name, chunks, lines } of cases) test(name, () => assert.deepEqual(split(...chunks), lines));

test('characters survive a cut at every byte', () => {
  const text = 'grüße 🚀 漢字\n';
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    assert.deepEqual(split(bytes.subarray(0, cut), bytes.subarray(cut)), ['grüße 🚀 漢字']);
  }
});

test('a line that is too long is cut, between characters, and nothing is lost', () => {
  const line = `x${'🚀'.repeat(MAX_LINE_BYTES)}`;
  const lines = split(`${line}\nnext\n`);
  assert.equal(lines.at(-1), 'next');
  assert.equal(lines.slice(0, -1).join(''), line);
  assert.ok(lines.every((part) => Buffer.byteLength(part) <= MAX_LINE_BYTES && !/^[\udc00-\udfff]/.test(part)));
});

for (const character of ['y', 'é', '漢', '🚀']) {
  const long = character.repeat(MAX_LINE_BYTES / 2);
  const whole = character.repeat(Math.floor(MAX_LINE_BYTES / Buffer.byteLength(character)));

  test(`the length of a line is counted in bytes: ${character}`, () => {
    assert.deepEqual(split(`a\n${whole}\nb\n`), ['a', whole, 'b']);
    assert.deepEqual(split(`a\n${whole}${character}\nb\n`), ['a', whole, character, 'b']);
  });

  test(`a line that comes bit by bit is cut like one that comes at once: ${character}`, () => {
    const text = Buffer.from(`a\n${long}${long}${long}\nb\n`);
    const bits = Array.from({ length: Math.ceil(text.length / 1_000) }, (_, n) =>
      text.subarray(n * 1e3, n * 1e3 + 1e3),
    );
    const lines = split(...bits);
    assert.deepEqual(lines, split(text));
    assert.ok(lines.slice(1, -2).every((part) => Buffer.byteLength(part) > MAX_LINE_BYTES - 4));
  });
}

test('a line of the greatest length whose end comes later is one line', () => {
  const line = 'y'.repeat(MAX_LINE_BYTES);
  assert.deepEqual(split(line, '\n', 'b\n'), [line, 'b']);
});

test('a line without end does not grow in memory', () => {
  const splitter = createLineSplitter(nothing);
  const kib = Buffer.alloc(1024, 'y');
  const blocks = Array.from({ length: 200 }, () => splitter.push(kib)).filter((block) => block !== undefined);
  assert.equal(blocks.join('').length + (splitter.end() ?? '').length, 200 * 1024);
  assert.ok(blocks.length >= 3);
});

test('what could be the beginning of a secret is held back from a line without end', () => {
  const splitter = createLineSplitter(createMask(['secret-word']));
  const blocks = [
    splitter.push(Buffer.from(`${'x'.repeat(MAX_LINE_BYTES + 20)}secret-`)),
    splitter.push(Buffer.from('word, and on\n')),
  ];
  assert.match(blocks[0] ?? '', /^x+$/);
  assert.equal(
    createMask(['secret-word'])
      .hide(blocks[1] ?? '')
      .endsWith('***, and on'),
    true,
  );
});
