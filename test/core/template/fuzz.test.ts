import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FUNCTIONS } from '../../../src/core/template/functions/table.ts';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';

/** A small generator of pseudo-random numbers (mulberry32): the same seed gives the same templates. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const data = new Map<string, TemplateValue>([
  ['Run', new Map<string, TemplateValue>([['ID', 'r1']])],
  [
    'Values',
    new Map<string, TemplateValue>([
      ['s', 'héllo 𝒳'],
      ['i', -3n],
      ['f', 1e300],
      ['l', [1n, 'a', null, [true]]],
      ['m', new Map<string, TemplateValue>([['k', null]])],
    ]),
  ],
]);

const functionNames = [...FUNCTIONS.keys(), 'and', 'or'];
const operands = [
  '.',
  '$',
  '.Values.s',
  '.Values.i',
  '.Values.f',
  '.Values.l',
  '.Values.m',
  '.Values.x',
  '"%5.2v %[2]*d"',
];
operands.push(
  '"(a|b)*c{2}"',
  '""',
  '"2006-01-02 MST"',
  '"1.2.x"',
  '0',
  '-1',
  '3',
  '1.5',
  'nil',
  'true',
  '`{{`',
  "'é'",
  'now',
);
operands.push(
  '"\\xff"',
  '99999999999',
  '(list 1 "a")',
  '(dict "a" nil)',
  '(semver "1.2.3")',
  '(split "," "a,b")',
  '"/a/../b"',
);
const pieces = [
  '{{',
  '}}',
  '{{-',
  '-}}',
  ' ',
  '|',
  '(',
  ')',
  ':=',
  '=',
  ',',
  '$x',
  'if',
  'else',
  'end',
  'range',
  'with',
  'define',
];
pieces.push(
  'template',
  'block',
  'break',
  'continue',
  '"t"',
  '"',
  '`',
  '/*',
  '*/',
  '<<.Run.ID',
  '>>',
  '\n',
  '\u2028',
  '\ud800',
  '0x',
  '.',
  "'",
);

function call(random: (limit: number) => number, depth: number): string {
  const pick = (list: readonly string[]): string => list[random(list.length)] ?? '';
  const count = random(4);
  const argument = (): string => (depth > 0 && random(3) === 0 ? `(${call(random, depth - 1)})` : pick(operands));
  const text = `${pick(functionNames)} ${Array.from({ length: count }, argument).join(' ')}`;
  return depth > 0 && random(3) === 0 ? `${text} | ${call(random, depth - 1)}` : text;
}

function soup(random: (limit: number) => number): string {
  const parts = [...pieces, ...operands, ...functionNames.slice(0, 20)];
  return Array.from({ length: 1 + random(25) }, () => parts[random(parts.length)]).join(random(2) === 0 ? ' ' : '');
}

/** Every template ends in an output or in diagnostics with code and message, in time. */
function check(template: string): void {
  const started = performance.now();
  const result = renderTemplate(template, data, { fileName: 'task.yaml', now: 0 });
  assert.ok(performance.now() - started < 5000, `too slow: ${template}`);
  if (result.ok) return;
  assert.ok(result.diagnostics.length > 0, template);
  for (const { code, message, place, source } of result.diagnostics) {
    assert.match(code, /^template-/, template);
    assert.ok(message.length > 0 && message.length < 1500, `${template}: ${message}`);
    assert.equal(place === undefined, source === undefined);
  }
}

test('random calls of every function never throw', () => {
  const random = createRandom(7);
  for (let round = 0; round < 8000; round++) check(`{{ ${call(random, 2)} }}`);
});

test('random pieces never throw', () => {
  const random = createRandom(11);
  for (let round = 0; round < 8000; round++) check(soup(random));
});

test('damaged templates never throw', () => {
  const random = createRandom(13);
  const whole =
    'a {{- if and (eq .Values.i 1) .Values.s }}{{ $x := printf "%d" 1 }}{{ $x }}{{ else if not .Values.l }}b{{ else }}' +
    '{{ range $k, $v := .Values.m }}{{ $k }}={{ $v | default `z` }}{{ break }}{{ end }}{{ end }} <<.Run.ID>> {{/* c */}}' +
    '{{ define "t" }}{{ . }}{{ end }}{{ template "t" .Values.f }}{{ with .Values.s }}{{ . | upper }}{{ end }}';
  check(whole);
  for (let round = 0; round < 4000; round++) {
    const at = random(whole.length);
    const insert = pieces[random(pieces.length)] ?? '';
    check(whole.slice(0, at) + (random(2) === 0 ? insert : '') + whole.slice(at + random(6)));
  }
});
