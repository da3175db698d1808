/** docs/task-file.md says what the compiler does: its examples are compiled, and it names all there is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IsArray, IsObject, type TProperties } from 'typebox';
import { parse } from 'yaml';
import { BUILD_FLAGS } from '../../src/core/plan/build/docker-build-flags.ts';
import { RUN_FLAGS } from '../../src/core/plan/cmd/docker-run-flags.ts';
import { compileTask, renderInput, type TaskInput } from '../../src/core/plan/compile-task.ts';
import type { FlagRule } from '../../src/core/plan/words/flags.ts';
import { SHARED_VOLUME } from '../../src/core/run/run-context.ts';
import { templateData } from '../../src/core/run/template-data.ts';
import { IMAGE_ALIASES, RUN_ALIASES } from '../../src/core/task-file/alias/built-in.ts';
import { MAX_SECONDS, MAX_STEPS } from '../../src/core/task-file/limits.ts';
import { MAX_TEXT_BYTES } from '../../src/core/task-file/yaml-document.ts';
import { DEFAULT_LIMITS } from '../../src/core/template/budget.ts';
import { REFUSED } from '../../src/core/template/functions/refused.ts';
import { FUNCTIONS } from '../../src/core/template/functions/table.ts';
import { entriesOf } from '../../src/core/template/value.ts';
import {
  StepWithoutEffect,
  TaskAlias,
  TaskFile,
  TaskNetwork,
  TaskSecret,
  TaskStep,
  TaskVolume,
  VolumeMount,
} from '../../task-schemas/index.ts';
import { testContext } from '../support/run-context.ts';
import { codeSpansOf, type Example, examplesOf, readTaskFileDocument, sectionOf } from './document.ts';

const document = await readTaskFileDocument();
const examples = examplesOf(document);
const good = examples.filter(({ wrong }) => wrong === undefined);
const context = testContext({ registry: 'registry.example.com', sharedVolume: SHARED_VOLUME });

function inputOf({ taskText, valuesText, set, aliasSources }: Example): TaskInput {
  return { taskText, fileName: 'task.yaml', context, valuesText, set, aliasSources, unsupported: 'warning' };
}

for (const example of examples) {
  test(`the example in line ${example.line}`, () => {
    const result = compileTask(inputOf(example));
    const found = result.ok ? result.warnings : result.diagnostics;
    const told = found.map(({ code, message }) => `${code}: ${message}`).join('\n');
    assert.equal(result.ok, example.wrong === undefined, told);
    assert.deepEqual(found.map(({ code }) => code).sort(), [...(example.wrong ?? example.warns)].sort(), told);
    if (result.ok) assertPart(result.value, example.makes ?? {}, 'the plan');
    if (example.renders !== undefined) assert.equal(renderedText(example), example.renders);
  });
}

function renderedText(example: Example): string {
  const rendered = renderInput(inputOf(example));
  assert.ok(rendered.ok);
  return rendered.value.source.text;
}

/** Lists have as many items as expected ones; maps may have more. */
function assertPart(actual: unknown, expected: unknown, where: string): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${where} is no list`);
    assert.equal(actual.length, expected.length, `${where} has another length: ${JSON.stringify(actual)}`);
    for (const [index, item] of expected.entries()) assertPart(actual[index], item, `${where}[${index}]`);
  } else if (isMap(expected)) {
    assert.ok(isMap(actual), `${where} is no map`);
    for (const [name, value] of Object.entries(expected)) assertPart(actual[name], value, `${where}.${name}`);
  } else assert.deepEqual(actual, expected, where);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const { kind: _, ...stepProperties }: TProperties = Object.assign(
  {},
  ...TaskStep.anyOf.map(({ properties }) => properties),
  StepWithoutEffect.properties,
);

/** Its table has the properties of four maps, each below the name of the map. */
const DECLARED = '## Secrets, networks, volumes';

/** The maps of a file: where they are found in one, and the properties that they may have. */
const maps = [
  { heading: '## The task', path: [], properties: { ...TaskFile.properties, alias: TaskAlias } },
  { heading: '## Steps', path: ['steps'], properties: stepProperties },
  { heading: '## Aliases', path: ['alias'], properties: TaskAlias.properties },
  { heading: DECLARED, path: ['secrets'], properties: TaskSecret.properties },
  { heading: DECLARED, path: ['networks'], properties: TaskNetwork.properties },
  { heading: DECLARED, path: ['volumes'], properties: TaskVolume.properties },
  { heading: DECLARED, path: ['steps', 'volumeMounts'], properties: VolumeMount.properties },
];

for (const { heading, path, properties } of maps) {
  const name = path.at(-1) ?? 'the task';

  test(`every property of ${name} is in the tables below "${heading}"`, () => {
    const named = new Set(heading === DECLARED ? declaredProperties(name) : firstColumns(heading));
    assert.deepEqual(
      Object.keys(properties).filter((property) => !named.has(property)),
      [],
    );
  });

  test(`every property of ${name} is used in a good example`, () => {
    const used = new Set(good.flatMap((example) => keysAt(path, parsedTexts(example))));
    assert.deepEqual(
      Object.keys(properties).filter((property) => !used.has(property)),
      [],
    );
  });
}

/** The alias section is gone from the rendered text; the text as written is not always YAML. */
function parsedTexts(example: Example): readonly unknown[] {
  const written = /^alias:/m.test(example.taskText) ? [parse(example.taskText)] : [];
  return [...written, parse(renderedText(example), { merge: true, uniqueKeys: false })];
}

/** The keys of all maps that are found along a path, through lists. */
function keysAt(path: readonly string[], values: readonly unknown[]): readonly string[] {
  const items = values.flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isMap);
  const [next, ...rest] = path;
  if (next === undefined) return items.flatMap((item) => Object.keys(item));
  return keysAt(
    rest,
    items.map((item) => item[next]),
  );
}

test('the maps are those of the shapes', () => {
  const lists = Object.entries({ ...TaskFile.properties, ...stepProperties, alias: TaskAlias });
  const nested = lists.filter(([, shape]) => IsObject(IsArray(shape) ? shape.items : shape)).map(([name]) => name);
  const known = new Set(maps.map(({ path }) => path.at(-1)));
  assert.deepEqual(
    nested.filter((name) => !known.has(name)),
    [],
  );
});

type Effect = { readonly effect: { readonly kind: string } };
const flagTables: readonly { readonly command: string; readonly flags: readonly (FlagRule & Effect)[] }[] = [
  { command: 'docker run', flags: RUN_FLAGS },
  { command: 'docker build', flags: BUILD_FLAGS },
];

for (const { command, flags } of flagTables) {
  for (const group of ['Accepted', 'Without effect', 'Refused']) {
    test(`the options of ${command}: ${group}`, () => {
      const named = tableOf(sectionOf(document, `### Options of ${command}`), group);
      const expected = flags
        .filter(({ effect }) => groupOf(effect.kind) === group)
        .flatMap(({ name, short }) => (short === undefined ? [name] : [name, short]));
      assert.deepEqual(named.sort(), expected.sort());
    });
  }
}

function groupOf(effect: string): string {
  if (effect === 'refused') return 'Refused';
  return effect === 'nothing' || effect === 'warned' ? 'Without effect' : 'Accepted';
}

/** The names in one column of the table whose first heading is this. */
function tableOf(section: string, header: string, column = 1): string[] {
  const [, rows = ''] = section.split(`| ${header} |`);
  const end = rows.indexOf('\n\n');
  const table = end < 0 ? rows : rows.slice(0, end);
  return table.split('\n').flatMap((row) => [...codeSpansOf(row.split('|')[column] ?? '')]);
}

function firstColumns(heading: string): string[] {
  const rows = sectionOf(document, heading).match(/^\|.*$/gm) ?? [];
  return rows.flatMap((row) => [...codeSpansOf(row.split('|')[1] ?? '')]);
}

function declaredProperties(map: string): string[] {
  const table = sectionOf(document, DECLARED);
  const rows = table.slice(table.indexOf(`| \`${map}\``)).split('\n');
  const next = rows.findIndex((row, index) => index > 0 && !row.startsWith('| |'));
  return rows.slice(0, next).flatMap((row) => [...codeSpansOf(row.split('|')[2] ?? '')]);
}

test('every function of templates', () => {
  assert.deepEqual(
    tableOf(sectionOf(document, '### Functions'), 'Group', 2).sort(),
    [...FUNCTIONS.keys(), 'and', 'or'].sort(),
  );
});

test('every function that is refused', () => {
  assert.deepEqual(tableOf(sectionOf(document, '### Functions'), 'Refused').sort(), [...REFUSED.keys()].sort());
});

test('every name of the data of templates', () => {
  const data = templateData(context, new Map());
  const fields = [...data].flatMap(([name, value]) => {
    const inner = name === 'Run' || name === 'Build' ? entriesOf(value) : undefined;
    return inner === undefined ? [`.${name}`] : [...inner.keys()].map((field) => `.${name}.${field}`);
  });
  const named = firstColumns('## Templates');
  assert.deepEqual(
    fields.filter((field) => !named.includes(field)),
    [],
  );
});

test('every alias that exists anyway', () => {
  const named = firstColumns('## Aliases');
  for (const name of RUN_ALIASES.keys()) assert.ok(named.includes(`$${name}`), name);
  const section = sectionOf(document, '## Aliases');
  for (const [name, image] of IMAGE_ALIASES)
    assert.ok(new RegExp(`^\\| \`${name}\`.*\\| \`${image}\` \\|$`, 'm').test(section), name);
});

test('the limits', () => {
  const section = sectionOf(document, '## Limits');
  const { textLength: _, ...template } = DEFAULT_LIMITS;
  const numbers = [MAX_STEPS, MAX_SECONDS, ...Object.values(template)];
  for (const number of numbers)
    assert.ok(section.includes(` ${number} `) || section.includes(` ${number};`), String(number));
  assert.ok(section.includes(`| ${MAX_TEXT_BYTES / 1024} KiB |`));
});

test('links lead to headings', () => {
  const slugs = [...document.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  const targets = [...document.matchAll(/\]\(#([^)]*)\)/g)].map(([, target = '']) => target);
  assert.deepEqual(
    targets.filter((target) => !slugs.includes(target)),
    [],
  );
});
