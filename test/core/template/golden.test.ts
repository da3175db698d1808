import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';

/**
 * What Go itself makes of these templates: recorded once from Go 1.19's text/template with missingkey=zero and sprig
 * (3.2.3 with the number functions and trunc of 2.22), with the data below and `now` at the moment below. A row is a
 * template and its output, or a template, null and how Go fails: parse or exec.
 */
type Row = readonly [template: string, output: string] | readonly [template: string, output: null, failure: string];

const rows: readonly Row[] = JSON.parse(readFileSync(new URL('./golden/go.json', import.meta.url), 'utf8'));

const data = new Map<string, TemplateValue>([
  [
    'Values',
    new Map<string, TemplateValue>([
      ['s', 'hey'],
      ['i', 5n],
      ['f', 1.5],
      ['b', true],
      ['l', [1n, 'a', null, 2.5]],
      [
        'm',
        new Map<string, TemplateValue>([
          ['b', 1n],
          ['a', new Map<string, TemplateValue>([['z', [1n]]])],
        ]),
      ],
      ['e', ''],
      ['n', null],
    ]),
  ],
  ['Run', new Map<string, TemplateValue>([['ID', 'r1']])],
]);
const options = { fileName: 'task.yaml', now: Date.UTC(2020, 0, 2, 3, 4, 5) };

const failures = new Map([
  ['template-parse', 'parse'],
  ['template-unknown-function', 'parse'],
  ['template-exec', 'exec'],
]);

/** Where we differ from Go on purpose, and what we give instead. */
const DEVIATIONS = new Map([
  // A text cut inside a character: strings here are characters, not bytes, so a replacement character stands there.
  ['{{ trunc 1 "é" | len }}', '"3"'],
  // The merge library of that sprig drops a mapping that meets a scalar; overwriting means the mapping wins.
  ['{{ mergeOverwrite (dict "a" 1) (dict "a" (dict "x" 1)) }}', '"map[a:map[x:1]]"'],
  // Hexadecimal floats and complex numbers have no use in a task file.
  ['{{ printf "%x" 3.5 }}', '"%!x(float64=3.5)"'],
  ['{{ 1i }}', 'parse'],
  // A missing mapping is an empty one for every function; Go panics where one sets a key in it.
  ['{{ set nil "a" 1 }}', '"map[a:1]"'],
  // Sprig takes each byte for a character here, and a missing value makes it panic there.
  ['{{ nospace "hé ß" }}', '"héß"'],
  ['{{ deepCopy nil }}', '""'],
  // Title case letters that are neither upper nor lower case.
  ['{{ title "ǆ éa-b" }}', '"Ǆ Éa-B"'],
]);

/** Output, or how the render failed in Go's terms. An empty output is a failure of ours and none of Go's. */
function outcome(template: string): string {
  const result = renderTemplate(template, data, options);
  if (result.ok) return JSON.stringify(result.value);
  const code = result.diagnostics[0]?.code ?? '';
  return code === 'template-empty' ? '""' : (failures.get(code) ?? code);
}

test('templates come out as in Go', () => {
  const differing = rows
    .map(([template, output, failure]) => ({
      template,
      go: DEVIATIONS.get(template) ?? (output === null ? failure : JSON.stringify(output)),
      ours: outcome(template),
    }))
    .filter(({ go, ours }) => go !== ours);
  assert.deepEqual(differing, []);
});

test('the recording is there', () => assert.ok(rows.length > 700, `${rows.length} rows`));
