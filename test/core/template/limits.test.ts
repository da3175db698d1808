import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';

const big = new Map<string, TemplateValue>([['big', 'a'.repeat(100_000)]]);
const options = { fileName: 'task.yaml', now: 0 };

/** Generous for a busy machine; without limits these take hours, or all memory. */
const MILLISECONDS = 5000;

const stopped = [
  { name: 'a long range', text: '{{ range until 100000000 }}{{ end }}' },
  { name: 'a range over a huge int', text: '{{ range 100000000000 }}{{ end }}' },
  {
    name: 'nested ranges',
    text: '{{ range until 1000 }}{{ range until 1000 }}{{ range until 1000 }}x{{ end }}{{ end }}{{ end }}',
  },
  { name: 'a text that doubles', text: '{{ $s := "x" }}{{ range until 100 }}{{ $s = printf "%s%s" $s $s }}{{ end }}' },
  { name: 'a list that doubles', text: '{{ $l := list 1 }}{{ range until 100 }}{{ $l = concat $l $l }}{{ end }}' },
  {
    name: 'a list of lists that prints exponentially',
    text: '{{ $l := list 1 }}{{ range until 100 }}{{ $l = list $l $l }}{{ end }}{{ $l }}',
  },
  {
    name: 'the same as JSON',
    text: '{{ $l := list 1 }}{{ range until 100 }}{{ $l = list $l $l }}{{ end }}{{ toJson $l }}',
  },
  { name: 'repeat', text: '{{ repeat 1000000000 "x" }}' },
  { name: 'replace with a long text', text: '{{ replace "" (repeat 1000 "x") .big }}' },
  { name: 'join with a long text', text: '{{ join .big (until 100000) }}' },
  { name: 'a wide field', text: '{{ range until 10000 }}{{ printf "%1000000d" 1 }}{{ end }}' },
  { name: 'costly functions over a long text', text: '{{ range until 100000 }}{{ $x := snakecase $.big }}{{ end }}' },
  { name: 'a mapping that holds itself', text: '{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ $d }}' },
  {
    name: 'a copy of a mapping that holds itself',
    text: '{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ $x := deepCopy $d }}',
  },
  { name: 'a template that calls itself', text: '{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}' },
  {
    name: 'a template that calls itself twice',
    text: '{{ define "t" }}{{ template "t" }}{{ template "t" }}{{ end }}{{ template "t" }}',
  },
  { name: 'a hundred thousand parentheses', text: `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}` },
  { name: 'fifty thousand nested ifs', text: '{{ if 1 }}'.repeat(50_000) + '{{ end }}'.repeat(50_000) },
  { name: 'twenty thousand else ifs', text: `{{ if 0 }}${'{{ else if 0 }}'.repeat(20_000)}{{ end }}` },
  { name: 'an expression of a thousand groups', text: `{{ regexFindAll "${'(a)'.repeat(800)}" .big -1 }}` },
  { name: 'an expression of empty groups', text: `{{ regexMatch "${'()'.repeat(1600)}b" .big }}` },
  { name: 'a template that is too long', text: 'x'.repeat(1024 * 1024 + 1) },
] as const;

for (const { name, text } of stopped) {
  test(`${name} ends as template-limit in time`, () => {
    const started = performance.now();
    const result = renderTemplate(text, big, options);
    assert.ok(performance.now() - started < MILLISECONDS);
    assert.deepEqual(result.ok ? 'rendered' : result.diagnostics.map(({ code }) => code), ['template-limit']);
  });
}

const evil = ['(a*)*b', '(a|a)*(a|a)*(a|a)*b', '(a+)+$b', '([a-z]+)*0', '(.*)(.*)(.*)(.*)(.*)x'];

for (const pattern of evil) {
  test(`the expression ${pattern} takes linear time`, () => {
    const started = performance.now();
    const result = renderTemplate(`{{ regexMatch "${pattern}" .big }}`, big, options);
    assert.ok(performance.now() - started < MILLISECONDS);
    assert.equal(result.ok && result.value, 'false');
  });
}

test('limits can be set', () => {
  const limits = { outputLength: 3 };
  assert.equal(renderTemplate('{{ "abc" }}', big, { ...options, limits }).ok, true);
  assert.equal(renderTemplate('{{ "abcd" }}', big, { ...options, limits }).ok, false);
});

test('what a real task file needs is far below the limits', () => {
  const text = `{{ range until 500 }}- cmd: step {{ . }} {{ printf "%03d" . | upper | quote }}\n{{ end }}`;
  const result = renderTemplate(text, big, { ...options, limits: { steps: 100_000 } });
  assert.equal(result.ok && result.value.split('\n').length, 501);
});
