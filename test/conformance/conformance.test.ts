import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ConformanceCase, type JsonObject, parseCase, readCases } from './case.ts';
import { compareOutcome } from './compare.ts';
import { type Deviation, explain, parseDeviations, readDeviations } from './deviations.ts';
import { judge, renderVerdicts } from './judge.ts';

const deviations = readDeviations();
const cases = readCases(new URL('./cases', import.meta.url).pathname);
const verdicts = cases.map((recorded) => judge(recorded, deviations));

test('every recorded case comes out as recorded, or deviates for a reason', () => {
  assert.ok(cases.length >= 316, `${cases.length} cases`);
  const failed = verdicts.filter(({ kind }) => kind === 'failed');
  assert.deepEqual(failed, [], renderVerdicts(verdicts));
});

test('every deviation is needed and is told to users', () => {
  const used = new Set(verdicts.flatMap((verdict) => ('rule' in verdict ? [verdict.rule] : [])));
  const told = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
  for (const { rule } of deviations) {
    assert.ok(used.has(rule), `no case needs the deviation ${rule}`);
    assert.ok(told.includes(`\`${rule}\``), `docs/compatibility.md does not tell of ${rule}`);
  }
});

/** A case of the recording with something else expected. */
function withExpectation(name: string, change: (expect: JsonObject) => JsonObject): ConformanceCase {
  const found = cases.find((each) => each.name === name);
  assert.ok(found !== undefined, name);
  const expect = change(found.expect as JsonObject);
  return { ...found, expect, given: { ...found.given, expect } };
}

const wrong = [
  { name: 'parse-minimal-cmd', change: (expect: JsonObject) => ({ ...expect, rendered: 'steps: []\n' }) },
  { name: 'parse-minimal-cmd', change: (expect: JsonObject) => ({ ...expect, roots: [] }) },
  { name: 'parse-minimal-cmd', change: () => ({ valid: false, errorKind: 'step-missing-type' }) },
  { name: 'valid-missing-type', change: () => ({ valid: false, errorKind: 'step-id-space' }) },
  { name: 'valid-missing-type', change: () => ({ valid: true }) },
  { name: 'imageref-acr', change: () => ({ valid: true, ref: { registry: 'docker.io' } }) },
  { name: 'dockerfile-target', change: () => ({ valid: true, dependencies: [] }) },
  { name: 'vaulturl-short', change: () => ({ valid: true, vault: 'https://tee' }) },
  { name: 'findversion-01', change: () => ({ version: 'v1.0.0' }) },
  { name: 'quickbuild-prefix', change: () => ({ tags: [] }) },
  { name: 'buildcmd-basic', change: (expect: JsonObject) => ({ ...expect, target: 'x' }) },
  { name: 'credential-msi', change: () => ({ valid: false, errorKind: 'credential-invalid' }) },
  { name: 'context-oci', change: (expect: JsonObject) => ({ ...expect, oci: false }) },
];

for (const [index, { name, change }] of wrong.entries()) {
  test(`a wrong expectation fails (${index}: ${name})`, () => {
    assert.equal(judge(withExpectation(name, change), deviations).kind, 'failed');
  });
}

test('an area that nobody knows fails', () => {
  const odd = parseCase('{"name": "x", "area": "odd", "expect": {}}', 'x.json');
  assert.equal(judge(odd, deviations).kind, 'failed');
});

test('a file that is no case is told by its name', () => {
  assert.throws(() => parseCase('{', 'x.json'), /x\.json is not JSON/);
  assert.throws(() => parseCase('{"name": "x"}', 'x.json'), /x\.json is not a case/);
});

const rule: Deviation = {
  rule: 'r',
  reason: 'a reason that a user would accept',
  cases: ['named'],
  like: [{ area: 'task', input: /\|/, differs: /^(?:valid|errorKinds)$/, errors: /^(?:shell-operator)$/ }],
};
const recorded = (name: string, task: string): ConformanceCase => ({
  name,
  area: 'task',
  given: { name, area: 'task', task, expect: { valid: true } },
  expect: { valid: true },
});
const difference = (path: string, got: string | readonly string[]) => ({ path, expected: true, got });
const explained = [
  { name: 'named', task: 'x', found: [difference('anything', 'x')], is: true },
  { name: 'other', task: 'a | b', found: [difference('errorKinds', ['shell-operator'])], is: true },
  { name: 'other', task: 'a b', found: [difference('errorKinds', ['shell-operator'])], is: false },
  { name: 'other', task: 'a | b', found: [difference('errorKinds', ['shell-operator', 'yaml-type'])], is: false },
  { name: 'other', task: 'a | b', found: [difference('valid', 'x')], is: false },
  {
    name: 'other',
    task: 'a | b',
    found: [difference('errorKinds', ['shell-operator']), difference('rendered', 'x')],
    is: false,
  },
];

for (const { name, task, found, is } of explained) {
  test(`a deviation explains ${name} with ${JSON.stringify(found)}: ${is}`, () => {
    assert.equal(explain(recorded(name, task), found, [rule]) === rule, is);
  });
}

test('a deviation without a reason is refused', () => {
  assert.throws(() => parseDeviations('[{"rule": "x", "reason": "short"}]'), /needs a rule and a reason/);
});

test('differences are told field by field', () => {
  const found = compareOutcome({ a: [1, { b: 2 }], roots: ['x', 'y'] }, { a: [1, { b: 3 }], roots: ['y', 'x'], c: 1 });
  assert.deepEqual(
    found.map(({ path }) => path),
    ['a[1].b', 'c'],
  );
});

test('failures are lines, and the counts come last', () => {
  const text = renderVerdicts([
    { kind: 'passed', name: 'a' },
    { kind: 'quirk', name: 'b', rule: 'r' },
    { kind: 'deviation', name: 'c', rule: 'r' },
    { kind: 'failed', name: 'd', differences: [{ path: 'valid', expected: true, got: undefined }] },
  ]);
  assert.equal(
    text,
    'd: valid: expected true, got nothing\n1 quirks of the reference are not followed\n1 passed, 1 failed, 1 deviations',
  );
});
