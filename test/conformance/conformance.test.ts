import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { PlannedStep, RunPlan } from '../../task-schemas/index.ts';
import { taskOutcome } from './areas/task.ts';
import { type ConformanceCase, type JsonObject, parseCase, readCases } from './case.ts';
import { compareOutcome } from './compare.ts';
import { type Deviation, explain, parseDeviations, readDeviations } from './deviations.ts';
import { judge, judgeFile, plainJson, renderVerdicts } from './judge.ts';

const deviations = readDeviations();
const files = readCases(new URL('./cases', import.meta.url).pathname);
const cases = files.flatMap((read) => (read.kind === 'case' ? [read.recorded] : []));
const verdicts = files.map((read) => judgeFile(read, deviations));

test('every recorded case comes out as recorded, or deviates for a reason', () => {
  assert.ok(cases.length >= 316, `${cases.length} cases`);
  const failed = verdicts.filter(({ kind }) => kind === 'failed');
  assert.deepEqual(failed, [], renderVerdicts(verdicts));
});

/** A rule may describe more than it should; which cases it excuses is written down, so that no other one slips in. */
const EXCUSED: Readonly<Record<string, string>> = {
  'alias-bare-run-name-collision': 'run-fields-are-no-images',
  'alias-chained-then-unknown': 'aliases-are-found-everywhere',
  'alias-escape': 'image-names-are-checked',
  'alias-unknown-left': 'no-host-shell',
  'buildcmd-bool-flag-before-context': 'build-text-as-docker-reads-it',
  'buildcmd-build-arg-quoted': 'build-text-as-docker-reads-it',
  'buildcmd-build-args': 'options-are-checked',
  'buildcmd-equals-flags': 'build-text-as-docker-reads-it',
  'buildcmd-git-proto': 'build-text-as-docker-reads-it',
  'buildcmd-git-ssh': 'build-text-as-docker-reads-it',
  'dockerfile-arg-default-syntax': 'dockerfile-as-docker-reads-it',
  'dockerfile-arg-multiple-on-line': 'dockerfile-as-docker-reads-it',
  'dockerfile-heredoc-from-text': 'dockerfile-as-docker-reads-it',
  'dockerfile-platform-flag-as': 'dockerfile-as-docker-reads-it',
  'dockerfile-target-case': 'dockerfile-as-docker-reads-it',
  'imageref-localhost-port': 'hosts-without-a-dot',
  'network-empty-name': 'mistakes-instead-of-crashes',
  'parse-null-step': 'mistakes-instead-of-crashes',
  'parse-push-dedup-normalised': 'image-names-are-checked',
  'tpl-hash-line-in-block-scalar-stripped': 'scripts-keep-their-comments',
  'tpl-html-not-escaped': 'no-host-shell',
  'tpl-literal-no-value-text-removed': 'written-text-stays',
  'tpl-run-fields': 'no-host-shell',
  'tpl-values-list-of-maps-rejected': 'nested-values',
  'tpl-values-nested-map-rejected': 'nested-values',
};

test('these cases deviate, each by its rule, and no others', () => {
  const found = verdicts.flatMap((verdict) => ('rule' in verdict ? [[verdict.name, verdict.rule]] : []));
  assert.deepEqual(Object.fromEntries(found), EXCUSED);
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

type Change = Readonly<Record<string, unknown>>;

/** A plan with its steps changed. */
function changed(change: Change): (plan: RunPlan) => RunPlan {
  // Each change is of the kind of the step it is tried on.
  return (plan) => ({ ...plan, steps: plan.steps.map((step) => ({ ...step, ...change }) as PlannedStep) });
}

const wrongPlans: readonly { readonly name: string; readonly change: Change }[] = [
  ...[
    { retries: 7 },
    { startDelaySeconds: 9 },
    { repeat: 3 },
    { timeoutSeconds: 1 },
    { retryDelaySeconds: 1 },
    { retryOnErrors: ['x'] },
    { ignoreErrors: true },
    { network: 'x' },
    { dependsOn: ['x'] },
    { env: ['X=1'] },
    { cmd: 'x' },
    { detach: true },
    { keep: true },
    { privileged: true },
    { pull: true },
    { user: 'x' },
    { entrypoint: ['x'] },
    { ports: ['1'] },
    { expose: ['1'] },
    { cpus: 3 },
    { pullRetries: 4 },
    { pullRetryDelaySeconds: 4 },
    { workingDirectory: '/nowhere' },
    { volumeMounts: [{ volume: 'x', path: '/x', readOnly: false }] },
  ].map((change) => ({ name: 'parse-minimal-cmd', change })),
  ...[
    { images: ['y'] },
    { build: 'x' },
    { cache: { kind: 'kept', image: 'x:y', pushedBy: 'build' } },
    { workingDirectory: '/x' },
    { env: ['X=1'] },
  ].map((change) => ({ name: 'buildkit-env-flag', change })),
  { name: 'parse-push-inline-list', change: { images: ['x'] } },
];

for (const { name, change } of wrongPlans) {
  test(`a wrong plan fails: ${name} with ${JSON.stringify(change)}`, () => {
    const recorded = cases.find((each) => each.name === name);
    assert.ok(recorded !== undefined);
    assert.deepEqual(compareOutcome(recorded.expect, plainJson(taskOutcome(recorded.given))), []);
    const outcome = plainJson(taskOutcome(recorded.given, changed(change)));
    assert.notDeepEqual(compareOutcome(recorded.expect, outcome), []);
  });
}

test('an area that nobody knows fails', () => {
  const odd = parseCase('{"name": "x", "area": "odd", "expect": {}}', 'x.json');
  assert.equal(judge(odd, deviations).kind, 'failed');
});

test('a case that makes the product crash, and a file that is none, are failures', () => {
  const odd = parseCase('{"name": "x", "area": "version", "expect": {}, "input": {"text": {"toString": 1}}}', 'x.json');
  assert.equal(judge(odd, deviations).kind, 'failed');
  assert.equal(judgeFile({ kind: 'unreadable', file: 'x.json', reason: 'broken' }, deviations).kind, 'failed');
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
    'd: valid: expected true, got nothing\n1 cases that are recorded as quirks deviate, too\n1 passed, 1 failed, 1 deviations',
  );
});
