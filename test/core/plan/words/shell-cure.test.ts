/** What is written instead of a line that needs a shell is run by a real one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type CmdOrigin, cureInContainer } from '../../../../src/core/plan/words/shell-cure.ts';
import { splitWords } from '../../../../src/core/plan/words/shell-words.ts';
import { parseTaskFile } from '../../../../src/core/task-file/parse.ts';
import { createSourceText } from '../../../../src/core/task-file/source-text.ts';

function cureOf(text: string, origin: CmdOrigin = { written: text }): string {
  const split = splitWords(text);
  assert.ok(split.kind === 'operator');
  return cureInContainer(text, split.at, origin);
}

/** The words after the image `x` of a cure, put into a file as it is. */
function argumentsOf(cure: string): readonly string[] {
  const yaml = cure.replace('Run a shell in the container:\n', '');
  const read = parseTaskFile(createSourceText('cure.yaml', `steps:\n  - ${yaml}`));
  const [step] = read.ok ? read.value.steps : [];
  assert.ok(step?.kind === 'cmd', cure);
  const split = splitWords(step.cmd);
  assert.ok(split.kind === 'words', cure);
  const words = split.words.map(({ value }) => value);
  return words.slice(words.indexOf('x') + 1);
}

/** What the words print, each in brackets where `argv` is called. */
function run(args: readonly string[]): string {
  const [program = '', ...rest] = args;
  const argv = 'printf "[%s]" "$@"; echo';
  const env = { PATH: process.env.PATH, ENV: '', ARGV: argv };
  return execFileSync(program, rest, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const ARGV = `sh -c 'printf "[%s]" "$@"; echo' argv`;

/** `like` is what the author means, where that is not what a shell makes of the line. */
const lines: readonly { readonly script: string; readonly like?: string }[] = [
  { script: `${ARGV} a 'b  c' | cat` },
  { script: `${ARGV} "it's" 'say "a"' && ${ARGV} 'a: b #c'` },
  { script: `sh -c 'echo a' && echo b` },
  { script: `sh -c "echo 'a  b'" | cat` },
  { script: `sh -c 'echo "$0"' name | cat` },
  { script: `/bin/sh -c e'cho' a; echo b` },
  { script: `sh -c echo\\ a; echo b` },
  { script: `sh -c 'exit 3' || echo failed` },
  { script: 'sh -c echo a | cat', like: 'echo a | cat' },
  { script: '/bin/sh -c echo "a  b" | cat', like: 'echo "a  b" | cat' },
  { script: 'sh -ec false; echo a || true', like: 'set -e; false; echo a || true' },
  { script: 'echo a # it is\necho b' },
  { script: 'echo \\\n a > /dev/null; echo $(echo "b  c")' },
  { script: '(echo a; echo b) | cat' },
  { script: 'echo "a: b #c" | cat' },
];

for (const { script, like = script } of lines) {
  test(`the cure of ${JSON.stringify(script)} does what a shell does`, () => {
    const before = attempt(['/bin/sh', '-c', like]);
    assert.equal(attempt(argumentsOf(cureOf(`x ${script}`))), before);
    assert.equal(attempt(['/bin/sh', ...argumentsOf(cureOf(`--entrypoint sh x ${script}`))]), before);
  });
}

function attempt(args: readonly string[]): string {
  try {
    return run(args);
  } catch (error) {
    return `failed after ${error instanceof Error && 'stdout' in error ? String(error.stdout) : ''}`;
  }
}

test('arguments of a shell that is the entry point go to one inside', () => {
  const cure = cureOf(`--entrypoint sh x -c 'echo a' && echo b`);
  assert.equal(run(['/bin/sh', ...argumentsOf(cure)]), 'a\nb\n');
});

const SHOWN = 'Run a shell in the container';

const cures: readonly { readonly text: string; readonly origin?: CmdOrigin; readonly cure: string | RegExp }[] = [
  { text: '--entrypoint sh a x | y', cure: `${SHOWN}:\ncmd: --entrypoint sh a -c 'x | y'` },
  { text: 'a x | y', origin: { written: 'a x | y', entrypoint: '/bin/bash' }, cure: `${SHOWN}:\ncmd: a -c 'x | y'` },
  { text: '--entrypoint python a x | y', cure: `${SHOWN}: cmd: --entrypoint sh IMAGE -c '…'` },
  { text: 'bash ./x.sh | y', cure: `${SHOWN}:\ncmd: bash -c 'bash ./x.sh | y'` },
  { text: 'docker build . && docker push x', cure: /build step/ },
  { text: 'docker.io/docker:27 x | y', cure: /build, push and cmd steps/ },
  { text: 'a | cat', cure: `${SHOWN}: cmd: IMAGE sh -c '…'` },
  { text: 'a;ls', cure: `${SHOWN}: cmd: IMAGE sh -c '…'` },
  { text: '-e A=$(date) a', cure: `${SHOWN}: cmd: IMAGE sh -c '…'` },
  {
    text: 'a echo r0 | cat',
    origin: { written: 'a echo {{ .Run.ID | upper }} | cat' },
    cure: `${SHOWN}:\ncmd: a sh -c 'echo {{ .Run.ID | upper }} | cat'`,
  },
  {
    text: 'host/bash:1 echo a | cat',
    origin: { written: 'bash echo a | cat' },
    cure: `${SHOWN}:\ncmd: bash -c 'echo a | cat'`,
  },
  {
    text: 'a echo "s" | cat',
    origin: { written: 'a echo $x | cat' },
    cure: `${SHOWN}:\ncmd: a sh -c 'echo $x | cat'`,
  },
  { text: 'a echo s t | cat', origin: { written: 'a echo {{.X}} | cat' }, cure: `${SHOWN}: cmd: IMAGE sh -c '…'` },
  { text: "a echo 's' | cat", origin: { written: 'a echo {{.X}} | cat' }, cure: `${SHOWN}: cmd: IMAGE sh -c '…'` },
  { text: 'a echo s | cat', origin: { written: undefined }, cure: `${SHOWN}: cmd: IMAGE sh -c '…'` },
  { text: 'a echo s | cat', origin: { written: 'a print s | cat' }, cure: `${SHOWN}: cmd: IMAGE sh -c '…'` },
];

for (const { text, origin, cure } of cures) {
  test(`the cure of ${text}, written ${origin?.written ?? 'so'}`, () => {
    const shown = cureOf(text, origin);
    if (typeof cure === 'string') assert.equal(shown, cure);
    else assert.match(shown, cure);
  });
}
