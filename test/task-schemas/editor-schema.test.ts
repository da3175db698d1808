/** The schema by which editors check task files: it takes what the compiler takes, and finds what people mistype. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Compile } from 'typebox/schema';
import { parseDocument } from 'yaml';
import { compileTask, renderInput, type TaskInput } from '../../src/core/plan/compile-task.ts';
import { SHARED_VOLUME } from '../../src/core/run/run-context.ts';
import { editorSchema, editorSchemaText } from '../../task-schemas/editor-schema.ts';
import { examplesOf, readTaskFileDocument } from '../docs/document.ts';
import { testContext } from '../support/run-context.ts';

const root = join(import.meta.dirname, '..', '..');
const schema = Compile(editorSchema());

/** What the schema says of a text, read as an editor reads it; undefined when it is no YAML 1.2. */
function check(text: string): readonly string[] | undefined {
  const document = parseDocument(text, { merge: true, uniqueKeys: false, logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const [, errors] = schema.Errors(document.toJS());
  return errors.map(({ keyword, instancePath, message }) => `${instancePath} ${keyword}: ${message}`);
}

function inputOf(taskText: string): TaskInput {
  const context = testContext({ registry: 'registry.example.com', sharedVolume: SHARED_VOLUME });
  return { taskText, fileName: 'task.yaml', context, unsupported: 'warning' };
}

test('the file is what the shapes make: npm run schemas', async () => {
  const file = await readFile(join(root, 'task-schemas', 'json', 'acr-task.schema.json'), 'utf8');
  assert.equal(file, editorSchemaText());
});

test('the task files of examples/', async () => {
  const files = await readdir(join(root, 'examples'), { recursive: true });
  const tasks = files.filter((file) => /(?:^|\/)(?:.*task|acb)\.ya?ml$/.test(file));
  assert.ok(tasks.length > 0);
  for (const file of tasks) assert.deepEqual(check(await readFile(join(root, 'examples', file), 'utf8')), [], file);
});

for (const example of examplesOf(await readTaskFileDocument())) {
  if (example.wrong !== undefined) continue;
  const isKnown = !example.warns.includes('unknown-key');

  test(`the example of docs/task-file.md in line ${example.line}`, () => {
    const { taskText, valuesText, set, aliasSources } = example;
    const rendered = renderInput({ ...inputOf(taskText), valuesText, set, aliasSources });
    assert.ok(rendered.ok);
    const found = check(rendered.value.source.text) ?? ['not YAML'];
    assert.equal(found.length === 0, isKnown, found.join('\n'));
    const written = check(taskText) ?? [];
    assert.ok(written.length === 0 || !isKnown, written.join('\n'));
  });
}

const accepted = [
  {
    name: 'numbers and booleans as texts',
    text: 'steps:\n  - {id: 12, cmd: alpine, cpus: 1.5, user: 1000, network: none}',
  },
  { name: 'booleans of YAML 1.1', text: 'steps:\n  - {cmd: alpine, detach: yes, keep: OFF, pull: n}' },
  {
    name: 'numbers of YAML 1.1',
    text: 'stepTimeout: 1_000\nsteps:\n  - {cmd: alpine, timeout: 010, startDelay: 0b11}',
  },
  { name: 'a float where a whole number belongs', text: 'steps:\n  - {cmd: alpine, timeout: 10.7}' },
  { name: 'negative times', text: 'stepTimeout: -1\nsteps:\n  - {cmd: alpine, startDelay: -5}' },
  {
    name: 'properties without a value',
    text: 'env:\nsteps:\n  - cmd: alpine\n    when:\n    timeout:\n    user:\n    pull: ~',
  },
  { name: 'no steps', text: 'version: v1.0.0' },
  { name: 'steps without a value', text: 'steps:' },
  { name: 'versions and cache in any case', text: 'version: V1.0.0\nsteps:\n  - {build: -t a ., cache: ENABLED}' },
  { name: 'an empty version', text: "version: ''\nsteps:\n  - cmd: alpine" },
  {
    name: 'templates as texts',
    text: 'steps:\n  - {id: "{{ .Run.ID }}", cmd: "{{.Run.Registry}}/a", env: ["{{`A=1`}}"]}',
  },
  { name: 'a template as version', text: 'version: "{{ `v1.0.0` }}"\nsteps:\n  - cmd: alpine' },
  {
    name: 'angle brackets as numbers',
    text: 'steps:\n  - {cmd: alpine, timeout: <<.Values.n>>, detach: <<.Values.b>>}',
  },
  {
    name: 'aliases as numbers',
    text: 'version: v1.1.0\nalias: {values: {t: 5, d: on}}\nsteps:\n  - {cmd: alpine, timeout: $t, detach: $d}',
  },
  { name: 'an alias that is empty', text: 'version: v1.1.0\nalias:\n  values:\n    a:\nsteps:\n  - cmd: alpine $a' },
  { name: 'merged maps', text: 'steps:\n  - &a {cmd: alpine, retries: 1}\n  - {<<: *a, id: b}' },
];

for (const { name, text } of accepted) {
  test(`accepted, as by the compiler: ${name}`, () => {
    const result = compileTask({ ...inputOf(text), valuesText: 'n: 5\nb: true' });
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(check(text), []);
  });
}

/** `mild`: the compiler warns only. */
const mistakes = [
  { name: 'a misspelt key of a step', text: 'steps:\n  - {cmd: alpine, timout: 5}', at: '/steps/0', mild: true },
  { name: 'a misspelt key of the task', text: 'step:\n  - cmd: alpine', at: '', mild: true },
  {
    name: 'a misspelt key of a secret',
    text: 'secrets:\n  - {id: a, keyvault: b, client: c}',
    at: '/secrets/0',
    mild: true,
  },
  { name: 'a list for cmd', text: 'steps:\n  - cmd: [alpine, ls]', at: '/steps/0/cmd' },
  { name: 'a list for build', text: 'steps:\n  - build: [.]', at: '/steps/0/build' },
  { name: 'a text for push', text: 'steps:\n  - push: app', at: '/steps/0/push' },
  { name: 'a map for env', text: 'steps:\n  - cmd: alpine\n    env: {A: 1}', at: '/steps/0/env' },
  { name: 'a variable without a value', text: 'env: [A]\nsteps:\n  - cmd: alpine', at: '/env/0' },
  { name: 'two kinds in one step', text: 'steps:\n  - {build: ., push: [a]}', at: '/steps/0' },
  { name: 'no kind in a step', text: 'steps:\n  - id: a', at: '/steps/0' },
  { name: 'a step that is a text', text: 'steps:\n  - alpine', at: '/steps/0' },
  { name: 'a map of steps', text: 'steps:\n  build: .', at: '/steps' },
  { name: 'a duration', text: 'steps:\n  - {cmd: alpine, timeout: 10m}', at: '/steps/0/timeout' },
  { name: 'a number in quotes', text: 'stepTimeout: "10"\nsteps:\n  - cmd: alpine', at: '/stepTimeout' },
  {
    name: 'a template in quotes as a number',
    text: 'stepTimeout: "{{ .Run.ID }}"\nsteps:\n  - cmd: alpine',
    at: '/stepTimeout',
  },
  { name: 'a boolean in quotes', text: 'steps:\n  - {cmd: alpine, detach: "true"}', at: '/steps/0/detach' },
  {
    name: 'a time of more than a day',
    text: 'stepTimeout: 86401\nsteps:\n  - cmd: alpine',
    at: '/stepTimeout',
    mild: true,
  },
  { name: 'negative retries', text: 'steps:\n  - {cmd: alpine, retries: -1}', at: '/steps/0/retries' },
  { name: 'an unknown version', text: 'version: v2\nsteps:\n  - cmd: alpine', at: '/version' },
  { name: 'an unknown cache', text: 'steps:\n  - {build: ., cache: always}', at: '/steps/0/cache' },
  { name: 'a blank in an id', text: 'steps:\n  - {cmd: alpine, id: a b}', at: '/steps/0/id' },
  { name: 'a volume without files', text: 'volumes:\n  - name: a\nsteps:\n  - cmd: alpine', at: '/volumes/0' },
  {
    name: 'a mount without a path',
    text: 'volumes:\n  - {name: a, secret: {b: YQ==}}\nsteps:\n  - {cmd: alpine, volumeMounts: [{name: a}]}',
    at: '/steps/0/volumeMounts/0',
  },
  {
    name: 'a network without a name',
    text: 'networks:\n  - driver: bridge\nsteps:\n  - cmd: alpine',
    at: '/networks/0',
  },
  {
    name: 'an alias that is a list',
    text: 'version: v1.1.0\nalias: {values: {a: [b]}}\nsteps:\n  - cmd: alpine',
    at: '/alias/values/a',
  },
];

for (const { name, text, at, mild = false } of mistakes) {
  test(`found, as by the compiler: ${name}`, () => {
    const result = compileTask(inputOf(text));
    assert.equal(result.ok, mild, JSON.stringify(result));
    const found = check(text) ?? [];
    assert.ok(
      found.some((each) => each.startsWith(`${at} `)),
      found.join('\n'),
    );
  });
}

test('every property has an explanation', () => {
  const unexplained: string[] = [];
  collectUnexplained(editorSchema(), '', unexplained);
  assert.deepEqual(unexplained, []);
});

function collectUnexplained(value: unknown, path: string, found: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'properties') {
      for (const [property, shape] of Object.entries(inner)) {
        if (!JSON.stringify(shape).includes('"description":')) found.push(`${path}/${property}`);
      }
    }
    collectUnexplained(inner, `${path}/${name}`, found);
  }
}
