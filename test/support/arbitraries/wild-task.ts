/** Texts that look like task files from afar: nearly every one has many mistakes. */
import fc from 'fast-check';
import { joined } from './property.ts';
import { type TaskValue, valueFor } from './task-value.ts';
import { controlled, templatePiece } from './template.ts';

// biome-ignore format: one group a line
const STEP_KEYS = [
  'id', 'when', 'timeout', 'startDelay', 'ignoreErrors', 'retries', 'retryDelay', 'retryOnErrors', 'repeat', 'cache',
  'env', 'workingDirectory', 'disableWorkingDirectoryOverride', 'detach', 'keep', 'privileged', 'user', 'network',
  'isolation', 'cpus', 'ports', 'expose', 'entryPoint', 'pull', 'cmdDownloadRetries', 'cmdDownloadRetryDelay',
  'exitedWith', 'volumeMounts', '<<', 'cmd', 'build', 'push', 'Cmd', '"id"', '? id', '__proto__', 'constructor', '*a', '{{.Values.s}}',
];
// biome-ignore format: one group a line
const TASK_KEYS = [
  'version', 'stepTimeout', 'workingDirectory', 'env', 'secrets', 'networks', 'volumes', 'alias', 'common', '<<', 'steps',
  '__proto__', 'totalTimeout',
];

/** Lines at column 0 that stand between the properties of a task. */
// biome-ignore format: one group a line
const BETWEEN = [
  '# comment {{ nonsense', '', '---', '...', '%YAML 1.2', '{{range $i, $x := .Values.l}}', '{{end}}', '{{- if .Values.s}}',
  '{{$v := 1 -}}', '\t', '<<.Run.ID>>', 'version: v1.1.0', "'version': 1.0-preview-1", 'alias: {values: {a: b}, directive: "&"}',
];

interface Property {
  readonly key: string;
  readonly value: TaskValue;
}

function propertyOf(keys: readonly string[]): fc.Arbitrary<Property> {
  return fc.constantFrom(...keys).chain((key) => valueFor(key).map((value) => ({ key, value })));
}

const stepKind = fc.constantFrom('cmd', 'cmd', 'build', 'push');

/** A step as lines without indentation: nearly always with something to do. */
const step: fc.Arbitrary<readonly Property[]> = fc
  .tuple(
    fc.option(
      stepKind.chain((key) => valueFor(key).map((value) => ({ key, value }))),
      { freq: 8 },
    ),
    fc.array(propertyOf(STEP_KEYS), { maxLength: 4 }),
  )
  .map(([first, others]) => (first === null ? others : [first, ...others]));

function writeProperties(properties: readonly Property[], indent: string): string[] {
  return properties.flatMap(({ key, value }) => {
    const [first, ...others] = value;
    return [`${indent}${key}: ${first}`, ...others.map((line) => `${indent}  ${line}`)];
  });
}

function writeStep(properties: readonly Property[], indent: string): string[] {
  const [first = '', ...others] = writeProperties(properties, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...others];
}

const steps: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.constantFrom('', '  '), fc.array(step, { minLength: 1, maxLength: 5 }))
  .map(([indent, all]) => ['steps:', ...all.flatMap((one) => writeStep(one, indent))]);

const section: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 3, arbitrary: propertyOf(TASK_KEYS).map((property) => writeProperties([property], '')) },
  { weight: 1, arbitrary: fc.constantFrom(...BETWEEN).map((line) => [line]) },
  { weight: 1, arbitrary: controlled(fc.constantFrom('\n', 'env: [A=1]\n', '\n- cmd: x\n')).map((text) => [text]) },
);

/** Maps of task properties with odd values, with each kind of line end and what an editor may put before them. */
export const wildTask: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(section, { maxLength: 3 }),
    steps,
    fc.array(section, { maxLength: 1 }),
    fc.constantFrom('\n', '\n', '\n', '\n', '\r\n', '\r'),
    fc.constantFrom('', '', '', '', '', '\ufeff', ' ', '\n'),
  )
  .map(
    ([above, middle, below, lineEnd, start]) =>
      `${start}${[...above.flat(), ...middle, ...below.flat(), ''].join(lineEnd)}`,
  );

// biome-ignore format: one group a line
const TASK_PIECES = [
  '\n', '\n', '\n  ', '\n- ', '\n  - ', ' ', '  ', '- ', ': ', ':', ', ', '{', '}', '[', ']', '"', "'", '|', '>', '|-\n', '>+2\n',
  '#', ' # ', '&a ', '*a', '<<: ', '<<: *a', '? ', '!!int ', '!!str ', '!t ', '!<', '@', '%', '`', '$', '$ID', '$$', '\\', '\\\n',
  '\t', '\0', '\r', '\r\n', '\ufeff', '\u0085', '\u2028', '\u202e', '\ud800', '\x1b[2J', '🐳', '---\n', '...\n', 'x'.repeat(300),
  'steps:\n', 'steps: [', 'alias:\n', 'version: v1.1.0\n', '-', '~', 'a', '1', '010', 'yes', 'nginx:1', '--name', ' -e A=1 ', '&&',
  ...STEP_KEYS.map((key) => `${key}: `), ...TASK_KEYS.map((key) => `${key}: `),
];

/** A single piece of a task file or of a template. */
export const taskPiece: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TASK_PIECES) },
  { weight: 1, arbitrary: templatePiece },
);

const anyCharacter = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));

/** The pieces of task files in any order. */
export const taskSoup: fc.Arbitrary<string> = fc.oneof(
  joined(taskPiece, '', 40),
  joined(fc.oneof(taskPiece, anyCharacter), '', 20),
);
