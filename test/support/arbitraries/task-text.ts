/** Generated task files: right ones, right ones with damage, and wild ones. */
import fc from 'fast-check';
import { stringify, type ToStringOptions } from 'yaml';
import { mutated } from './mutation.ts';
import { joined } from './property.ts';
import { taskPiece, taskSoup, wildTask } from './wild-task.ts';

/** Texts with templates that render over `s: text`, `i: number`, `l: list` and `m: map`. */
// biome-ignore format: one group a line
const TEXTS = [
  'a', 'b c', 'yes', '010', '1_0', '1:30', '~', 'é 🐳', 'it\'s', 'say "x"', 'a\\b', 'a: b', 'x # y', ' # z', '- q', '[r', '{s', '%t', '@u', '&v', '*w',
  '!x', 'two\nlines', 'trailing \n\n', '\ttab', '$ID', '$$', '$HOME', '\u00a0', '\u2028', '__proto__', 'constructor', 'x'.repeat(500),
  '{{.Run.ID}}', '<<.Run.ID>>', '<< .Values.s | upper >>', '{{printf "%03d" .Values.i}}', '{{range .Values.l}}{{.}}{{end}}', '{{- "x" -}}',
  '{{default "d" .Values.x | quote}}', '{{with .Values.m}}{{.k}}{{else}}e{{end}}', '{{.ValuesJSON}}', '{{define "t"}}{{.}}{{end}}{{template "t" 1}}',
];
// biome-ignore format: one group a line
const IMAGES = [
  'busybox', 'node:20', 'localhost:5000/app:{{.Run.ID}}', '{{.Run.Registry}}/a/b_c:1', 'quay.io/a--b@sha256:{{repeat 64 "a"}}', 'ghcr.io/x/y:<<.Run.ID>>',
];
// biome-ignore format: one group a line
const RUN_OPTIONS = [
  '-e A=1', '--env=B=2', '-it', '--memory 1g', '--memory=9e', '--memory=99999999999999999999p', '--cpus 1.5', '-p 80:80', '--network host',
  '--entrypoint sh', '-w /a/../..', '-w ../x', '--pull always', '--privileged=false', '-d', '-u 0', '--name x', `--cpus ${'9'.repeat(400)}`,
];
// biome-ignore format: one group a line
const BUILD_OPTIONS = [
  '-t a:1', '-t {{.Run.Registry}}/b:{{.Run.ID}}', '-f Dockerfile', '-f sub/../Dockerfile.x', '--build-arg A=1', '--build-arg=B="x y"', '--label c=d',
  '--no-cache', '--pull', '--cache-from=x', '--target t', '--target ""', '--platform linux/arm64', '--network none', '-q',
];
const WORDS = [
  'x',
  '--flag',
  "'a b'",
  '"c \\" $D"',
  '\\e',
  '$F',
  '{{.Values.s}}',
  "sh -c 'a | b'",
  '# end',
  '\\\n  next',
  '""',
];

const text = fc.constantFrom(...TEXTS);
const image = fc.constantFrom(...IMAGES);
const word = fc.constantFrom(...WORDS);
const maybe = { nil: '', freq: 3 };
const seconds = fc.constantFrom(0, -1, 1, 30, 600, 86_400);
const count = fc.constantFrom(0, 1, 3, Number.MAX_SAFE_INTEGER);
const env = fc.array(
  text.map((value) => `K${value.length}=${value}`),
  { maxLength: 3 },
);

function command(options: readonly string[], target: fc.Arbitrary<string>, words: fc.Arbitrary<string>) {
  return fc
    .tuple(fc.option(joined(fc.constantFrom(...options), ' ', 4), maybe), target, fc.option(words, maybe))
    .map((parts) => parts.join(' ').trim());
}

const work = fc.oneof(
  fc.record({ cmd: command(RUN_OPTIONS, image, joined(word, ' ', 5)) }),
  fc.record({
    build: command(BUILD_OPTIONS, fc.constantFrom('.', 'sub', 'https://github.com/a/b.git#c:d'), fc.constant('')),
  }),
  fc.record({ push: fc.array(image, { minLength: 1, maxLength: 3 }) }),
);

const properties = fc.record(
  {
    timeout: seconds,
    startDelay: seconds,
    ignoreErrors: fc.boolean(),
    retries: count,
    retryDelay: seconds,
    retryOnErrors: fc.array(text, { maxLength: 2 }),
    repeat: count,
    cache: fc.constantFrom('enabled', 'Disabled', ''),
    env,
    workingDirectory: fc.constantFrom('sub', '/', '/tmp/', '../..', ''),
    disableWorkingDirectoryOverride: fc.boolean(),
    detach: fc.boolean(),
    keep: fc.boolean(),
    privileged: fc.boolean(),
    user: text,
    network: fc.constantFrom('host', 'none', 'other'),
    cpus: fc.constantFrom('1', 0.5, '9'.repeat(400)),
    ports: fc.array(text, { maxLength: 2 }),
    entryPoint: text,
    pull: fc.boolean(),
    cmdDownloadRetries: count,
    exitedWith: fc.array(count, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

/** What a step waits for: ways up, as many steps as each number says; none: at once. */
const ways = fc.option(fc.array(fc.nat(5), { maxLength: 3 }), { freq: 2 });

const steps = fc
  .array(fc.tuple(work, properties, fc.subarray(['id', 'timeout', 'env', 'retries', 'detach']), ways), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) =>
    all.map(([does, extra, kept, up], index) => {
      const named = { id: `step${index}`, ...does };
      // Most steps have few properties: each one more is a chance of a mistake.
      const few = Object.fromEntries(
        Object.entries(extra).filter(([name], at) => kept.includes(name) || at % 7 === index),
      );
      if (up === null) return { ...named, ...few };
      const above = up.map((way) => `step${index - 1 - way}`).filter((name) => /\d$/.test(name) && !name.includes('-'));
      return { ...named, ...few, when: above.length === 0 ? ['-'] : above };
    }),
  );

const task = fc.record(
  {
    version: fc.constantFrom('v1.0.0', 'v1.1.0', '1.0-preview-1', ''),
    stepTimeout: seconds,
    workingDirectory: fc.constantFrom('sub', '/x'),
    env: fc.constantFrom(['A=1'], ['A=1,B=2', 'C=']),
    alias: fc.constantFrom(
      { values: { a: 'b\n\nc', d: '{{.Run.ID}}' } },
      { directive: '&' },
      { src: ['https://example.com/aliases.yaml'] },
    ),
    secrets: fc.constant([]),
    steps,
  },
  { requiredKeys: ['steps'] },
);

const style: fc.Arbitrary<ToStringOptions> = fc.record(
  {
    collectionStyle: fc.constantFrom('any', 'flow', 'block'),
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    indent: fc.constantFrom(1, 2, 4),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 30, 80),
    nullStr: fc.constantFrom('~', ''),
  },
  { requiredKeys: [] },
);

/** Lines that change nothing wherever they stand outside a value. */
const ABOVE = [
  '',
  '# comment {{ of a template',
  '---\n',
  '{{- /* c */ -}}\n',
  '{{if .Values.s}}x-y: 1{{end}}\n',
  '\ufeff',
  '{{$v := 1}}\n',
];

/** Task files that are right, or nearly: written by a YAML library in each of its styles. */
export const rightTask: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...ABOVE), task, style, fc.constantFrom('\n', '\n', '\r\n'))
  .map(([above, value, options, lineEnd]) =>
    `${above}${above.startsWith('#') ? '\n' : ''}${stringify(value, options)}`.replaceAll('\n', lineEnd),
  );

/** Any generated task file. */
export const taskText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: rightTask },
  { weight: 3, arbitrary: mutated(rightTask, taskPiece) },
  { weight: 2, arbitrary: wildTask },
  { weight: 1, arbitrary: taskSoup },
);
