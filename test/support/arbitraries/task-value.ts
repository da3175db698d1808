/** Values of the properties of task files: fitting ones, and any other. */
import fc from 'fast-check';
import { joined } from './property.ts';
import { action, pipeline } from './template.ts';

/** A value as lines: the first one stands after the key, the others below it (indented by whoever writes it). */
export type TaskValue = readonly string[];

// biome-ignore format: one group a line
const ODD_SCALARS = [
  'yes', 'NO', 'on', 'y', 'tRue', '"true"', '010', '08', '0o17', '0x1F', '0b2', '1_000', '1:30', '.inf', '-.INF', '.nan', '1e3', '1e999',
  '-0', '-1', '9223372036854775808', '99999999999999999999', '86401', '10s', '~', 'null', 'Null', '', '""', "''", "'it''s'", "'", '"',
  '"a\\n\\u263a\\x00\\uD800"', '"\\q"', '2001-01-01', '&a x', '*a', '*b', '&a', '!!str 5', '!!int "7"', '!!int x', '!!bool yes', '!!float 1',
  '!!binary aGk=', '!t x', '!<tag:yaml.org,2002:bool> on', '!', '@x', '`x`', '%', '? x', '- x', '<<', 'a: b', 'a # c', '#', '|', '>-', '[', '{',
  'a\tb', '\t', 'a\0b', '\ufeffx', '\u0085', 'a\u2028b', '\u202ex', '\ud800', '\x1b[31m', '🐳', 'é', '__proto__', 'constructor', '$ID', '$$', '$a',
  '$', 'x'.repeat(2000), '{{.Run.ID}}', '<<.Run.ID>>', '{{', '{{ "a: [b" }}', '{{.Values.l}}', '{{.Values.x}}', '-', '.', '/', '../..', '=', 'a=b,c',
];
const NAMES = ['a', 'b', 'build', 'push', 'acb_root', 'acb_step_0', '-', 'x y', 'é', '{{.Run.ID}}', ''];
// biome-ignore format: one group a line
const IMAGES = [
  'busybox', 'localhost:5000/app:{{.Run.ID}}', 'App:1', 'a/b@sha256:0', '$Registry/x:$ID', 'bash', 'az', 'x:', '//', 'host.io/a--b_c:1', '🐳',
];
// biome-ignore format: one group a line
const WORDS = [
  '-e A=1', '-e A', '--env=B=2', '-it', '-itx', '-v /a:/b', '--name x', '--nmae', '-m 1g', '--memory=1e9g', '--cpus 1.5', '--cpus=0', '-p 80:80',
  '--network host', '--network foo', '--entrypoint sh', '-w /a/../..', '--pull always', '--pull=never', '--privileged', '-d=false', '--', '-',
  '-t a:1', '-t', '-f Dockerfile', '-f ../x', '--build-arg A=1', '--build-arg A', '--secret id=x', '--no-cache', '--cache-from=x', '--target t',
  '.', 'sub', '../..', 'https://github.com/a/b.git#main:dir', 'git@x:y', 'http://', "'a b'", '"a $X"', "'", '"', '\\', '\\ ', '$X', '$\u007bX}', '$(x)',
  '|', '||', '&&', ';', '> f', '2>&1', '<< EOF', '# c', 'a#b', "sh -c 'x | y'", '--set=', '🐳', '`x`', '{{.Values.s}}', '<<.Run.ID>>',
];

const name = fc.constantFrom(...NAMES);
const image = fc.constantFrom(...IMAGES);
/** A word of a cmd or build text, or an option with its value. */
export const stepWord: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: action },
);
const words = joined(stepWord, ' ', 6);
const command = fc.tuple(fc.oneof(words, fc.constant('')), image, words).map((parts) => parts.join(' ').trimStart());
const scalar = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ODD_SCALARS) },
  { weight: 1, arbitrary: action },
  { weight: 1, arbitrary: command },
);

function inline(text: fc.Arbitrary<string>): fc.Arbitrary<TaskValue> {
  return fc
    .tuple(
      text,
      fc.constantFrom((plain: string) => plain, JSON.stringify),
    )
    .map(([one, write]) => [write(one)]);
}

/** A block scalar: its header and its lines. */
function block(line: fc.Arbitrary<string>): fc.Arbitrary<TaskValue> {
  const header = fc.constantFrom('|', '>', '|-', '>+', '|2', '>1-', '| # c', '&a |', '!!str >');
  return fc
    .tuple(header, fc.array(fc.oneof(line, fc.constantFrom('', '# c', '  more', '\tx')), { maxLength: 4 }))
    .map(([first, lines]) => [first, ...lines]);
}

function list(item: fc.Arbitrary<string>): fc.Arbitrary<TaskValue> {
  return fc.tuple(fc.array(item, { maxLength: 4 }), fc.constantFrom('flow', 'block', 'open')).map(([items, style]) => {
    if (style === 'flow') return [`[${items.join(', ')}]`];
    return style === 'open' ? ['[', ...items.map((one) => `${one},`), ']'] : ['', ...items.map((one) => `- ${one}`)];
  });
}

const pair = fc.tuple(fc.constantFrom('name', 'id', 'keyvault', 'secret', 'mountPath', 'driver', 'ipv6', '<<'), scalar);

/** Maps in a list, and a single map. */
const maps: fc.Arbitrary<TaskValue> = fc
  .tuple(fc.array(pair, { minLength: 1, maxLength: 4 }), fc.constantFrom('flow', 'block', 'list'))
  .map(([pairs, style]) => {
    const entries = pairs.map(([key, value]) => `${key}: ${value}`);
    if (style === 'flow') return [`&a {${entries.join(', ')}}`];
    return ['', ...(style === 'block' ? entries : entries.map((entry) => `- ${entry}`))];
  });

const aliases: fc.Arbitrary<TaskValue> = fc
  .tuple(fc.array(fc.tuple(fc.constantFrom('a', 'ID', 'b$c', 'bash'), scalar), { maxLength: 3 }), scalar)
  .map(([pairs, directive]) => [
    '',
    'src: [https://example.com/aliases.yaml, missing]',
    'values:',
    ...pairs.map(([key, value]) => `  ${key}: ${value}`),
    `directive: ${directive}`,
  ]);

const any: fc.Arbitrary<TaskValue> = fc.oneof(
  { weight: 4, arbitrary: scalar.map((one) => [one]) },
  list(scalar),
  block(command),
  maps,
  pipeline.map((value) => [`{{${value}}}`]),
);

const number = fc.oneof(fc.integer({ min: -2, max: 90_000 }).map(String), fc.constantFrom(...ODD_SCALARS.slice(0, 30)));
const commands = fc.oneof(inline(command), block(command));

const FITTING: ReadonlyMap<string, fc.Arbitrary<TaskValue>> = new Map([
  ['cmd', commands],
  ['build', commands],
  ['push', list(image)],
  ['when', list(name)],
  ['id', inline(name)],
  ['env', list(fc.constantFrom('A=1', 'B', 'C=1,D=2', 'A=', '=x', '"A=a b"', '{{.Values.s}}=1'))],
  ['version', inline(fc.constantFrom('v1.0.0', 'v1.1.0', 'V1.1.0', '1.0-preview-1', 'v9', '{{.Run.ID}}'))],
  ['secrets', maps],
  ['networks', maps],
  ['volumes', maps],
  ['volumeMounts', maps],
  ['common', maps],
  ['<<', fc.constantFrom(['*a'], ['[*a, *a]'], ['{id: x}'])],
  ['alias', aliases],
  ...['timeout', 'stepTimeout', 'startDelay', 'retries', 'retryDelay', 'repeat'].map(
    (key) => [key, inline(number)] as const,
  ),
]);

/** What may stand at a key: mostly what belongs there, sometimes anything. */
export function valueFor(key: string): fc.Arbitrary<TaskValue> {
  const fitting = FITTING.get(key);
  return fitting === undefined ? any : fc.oneof({ weight: 7, arbitrary: fitting }, { weight: 1, arbitrary: any });
}
