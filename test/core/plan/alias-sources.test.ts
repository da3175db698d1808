import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasSourcesOf } from '../../../src/core/plan/alias-sources.ts';
import { MAX_SOURCES } from '../../../src/core/task-file/alias/read-section.ts';
import type { RunRequest } from '../../../task-schemas/index.ts';
import { testContext } from '../../support/run-context.ts';

const source = { kind: 'none' } as const;
const STEPS = '\nsteps:\n- cmd: $x: not yaml yet';

function named(taskText: string, more: Partial<Extract<RunRequest, { kind: 'encoded-task' }>> = {}): readonly string[] {
  const request = { kind: 'encoded-task', source, taskText, ...more } as const;
  return aliasSourcesOf(request, undefined, testContext({ branch: 'main' })).map(({ kind, path }) => `${kind} ${path}`);
}

const many = Array.from({ length: MAX_SOURCES + 1 }, (_, index) => `f${index}`);

const cases = [
  {
    name: 'files and URLs, in their order',
    alias: 'src: [b.yaml, HTTPS://h/a.yaml, ./a.yaml]',
    expected: ['file b.yaml', 'url HTTPS://h/a.yaml', 'file ./a.yaml'],
  },
  { name: 'each once', alias: 'src: [a, b, a]', expected: ['file a', 'file b'] },
  { name: 'what is no web page is no file either', alias: 'src: [ftp://h/a]', expected: ['url ftp://h/a'] },
  {
    name: 'names by templates',
    alias: 'src: ["{{.Run.Branch}}.{{.Values.a}}.{{.Values.b}}"]',
    expected: ['file main.set.file'],
  },
  { name: 'no sources', alias: 'values: {a: b}', expected: [] },
  {
    name: 'as many as may be read',
    alias: `src: [${many}]`,
    expected: many.slice(0, MAX_SOURCES).map((one) => `file ${one}`),
  },
  { name: 'a broken template', alias: 'src: ["{{nope}}"]', expected: [] },
  { name: 'broken YAML', alias: 'src: [a', expected: [] },
  { name: 'a mistake beside them', alias: 'src: [a]\n  directive: abc\n  values: [x]', expected: ['file a'] },
] as const;

for (const { name, alias, expected } of cases) {
  test(`sources: ${name}`, () => {
    const more = { valuesText: 'a: file\nb: file', set: { a: 'set' } };
    assert.deepEqual(named(`version: v1.1.0\nalias:\n  ${alias}${STEPS}`, more), expected);
  });
}

test('no aliases before v1.1.0, and none without a section', () => {
  assert.deepEqual(named(`version: v1.0.0\nalias: {src: [a]}${STEPS}`), []);
  assert.deepEqual(named(`version: v1.1.0${STEPS}`), []);
});

test('comment lines name nothing', () => {
  assert.deepEqual(named(`version: v1.1.0\nalias:\n  src:\n  # - a\n  - b${STEPS}`), ['file b']);
});

test('values that are no map are for compiling to report', () => {
  assert.deepEqual(named(`version: v1.1.0\nalias: {src: [a]}${STEPS}`, { valuesText: '- x' }), []);
});

test('the task file of a source, which may be missing; a one-off build has none', () => {
  const request = { kind: 'task-file', source, taskFile: 't.yaml' } as const;
  const text = `version: v1.1.0\nalias: {src: [a]}${STEPS}`;
  assert.deepEqual(aliasSourcesOf(request, text, testContext()), [{ path: 'a', kind: 'file' }]);
  assert.deepEqual(aliasSourcesOf(request, undefined, testContext()), []);
  assert.deepEqual(aliasSourcesOf({ kind: 'docker-build', source, images: ['a'] }, text, testContext()), []);
});
