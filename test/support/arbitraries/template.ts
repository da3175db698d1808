/** Templates that use everything there is, rightly and wrongly, over `TEMPLATE_VALUES`. */
import fc from 'fast-check';
import { FUNCTIONS } from '../../../src/core/template/functions/table.ts';
import type { TemplateValue } from '../../../src/core/template/value.ts';
import { joined } from './property.ts';

/** One value of each kind, for `.Values` of generated templates. */
export const TEMPLATE_VALUES: ReadonlyMap<string, TemplateValue> = new Map<string, TemplateValue>([
  ['s', 'héllo 𝒳'],
  ['i', -3n],
  ['f', 1e300],
  ['l', [1n, 'a', null, [true]]],
  ['m', new Map<string, TemplateValue>([['k', null]])],
]);

const FUNCTION_NAMES = [...FUNCTIONS.keys(), 'and', 'or'];

// biome-ignore format: one group a line
const OPERANDS = [
  '.', '$', '.Values.s', '.Values.i', '.Values.f', '.Values.l', '.Values.m', '.Values.x', '.Values', '.Run.ID', '$x',
  '.Values.__proto__', '.constructor', '"__proto__"',
  '"%5.2v %[2]*d"', '"%x%q%U%08.3f%+d%t"', '"(a|b)*c{2}"', '"(?i)^[\\\\w]+$|"', '""', '"2006-01-02 MST"', '"1.2.x"',
  '0', '-1', '3', '1.5', '99999999999', '0x1p-2', '1e400', '-9223372036854775808', 'nil', 'true', '`{{`', "'é'", 'now',
  '"\\xff"', '"\\u2028"', '"\\U0001F433"', '"/a/../b"', '"%zz?a=b#c"', '"-7h3.5s"',
  '(list 1 "a")', '(list)', '(dict "a" nil)', '(semver "1.2.3")', '(split "," "a,b")', '(until 5)',
];

// biome-ignore format: one group a line
const PIECES = [
  '{{', '}}', '{{-', '-}}', '{{- ', ' -}}', ' ', '|', '(', ')', ':=', '=', ',', '$x', '.', "'", '"', '`', '"t"', '0x',
  'if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue', 'nil', 'else if', '{{end}}',
  '/*', '*/', '<<.Run.ID', '<<.Values.s>>', '>>', '\n', '\r\n', '\u2028', '\ud800', '\0', '𝒳',
];

const operand = fc.constantFrom(...OPERANDS);
const functionName = fc.constantFrom(...FUNCTION_NAMES);

/** A call of a function with up to three arguments, some of them calls, some of it piped on. */
export const templateCall: fc.Arbitrary<string> = fc.letrec<{ call: string; argument: string }>((tie) => ({
  argument: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { weight: 2, arbitrary: operand },
    { weight: 1, arbitrary: tie('call').map((call) => `(${call})`) },
  ),
  call: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc
      .tuple(functionName, fc.array(tie('argument'), { maxLength: 3 }))
      .map(([name, args]) => [name, ...args].join(' ')),
    fc
      .tuple(functionName, fc.array(tie('argument'), { maxLength: 2 }), tie('call'))
      .map(([name, args, rest]) => `${[name, ...args].join(' ')} | ${rest}`),
  ),
})).call;

/** Something between the marks of an action that gives a value. */
export const pipeline: fc.Arbitrary<string> = fc.oneof(operand, templateCall);

const opened = fc.constantFrom('{{', '{{', '{{- ', '{{ ');
const closed = fc.constantFrom('}}', '}}', ' -}}', ' }}');

/** One action that stands by itself, or the piece of a control structure. */
export const action: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(opened, pipeline, closed).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.constantFrom('{{.Run.ID}}', '<<.Run.ID>>', '<< .Values.s | upper >>', '<<.RunJSON>>') },
  { weight: 1, arbitrary: pipeline.map((value) => `{{$x := ${value}}}`) },
  { weight: 1, arbitrary: fc.constantFrom('{{end}}', '{{else}}', '{{break}}', '{{continue}}', '{{/* c */}}') },
);

/** A text with a control structure round it. */
export function controlled(body: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const heads = fc.oneof(
    fc.tuple(fc.constantFrom('if', 'range', 'with', 'range $k, $x :='), pipeline).map((words) => words.join(' ')),
    fc.constantFrom('define "t"', 'block "t" .Values', 'range .Values.l', 'range $i, $x := .Values.m'),
  );
  const middle = fc.option(fc.constantFrom('{{else}}', '{{- else if .Values.s}}', '{{template "t" .}}'), { nil: '' });
  return fc
    .tuple(opened, heads, closed, body, middle, body)
    .map(([open, head, close, first, between, second]) => `${open}${head}${close}${first}${between}${second}{{end}}`);
}

const soupPart = fc.constantFrom(...PIECES, ...OPERANDS, ...FUNCTION_NAMES.slice(0, 20));

/** The pieces of templates in any order. */
export const templateSoup: fc.Arbitrary<string> = fc.oneof(joined(soupPart, '', 25), joined(soupPart, ' ', 25));

/** A single piece of a template. */
export const templatePiece: fc.Arbitrary<string> = fc.constantFrom(...PIECES);
