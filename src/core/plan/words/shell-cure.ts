/** What to write instead when a cmd text needs a shell: the same line, with the shell inside the container. */
import { DOCKER_HUB, parseImageReference } from '../../image-reference.ts';
import { cureOfDockerImage } from '../cmd/docker-image.ts';
import { RUN_FLAGS } from '../cmd/docker-run-flags.ts';
import type { AliasNames } from '../image-mistake.ts';
import { readFlags } from './flags.ts';
import { quoteWord, splitWords, type Word } from './shell-words.ts';

/** Where a cmd text comes from. */
export interface CmdOrigin {
  /** The text as it stands in the file, before templates and aliases; undefined: it is not known. */
  readonly written: string | undefined;
  /** What the step starts instead of the image's own program. */
  readonly entrypoint?: string | undefined;
  /** What the file could name with a `$`. */
  readonly aliases?: AliasNames;
}

const SHELL = /(?:^|\/)(?:ba|da|a|z)?sh$/;

/** The line that does in the container what the operator at `at` would need a shell on the worker for. */
export function cureInContainer(text: string, at: number, { written, entrypoint }: CmdOrigin): string {
  const head = readHead(text, at);
  if (head === undefined) return shape("IMAGE sh -c '…'");
  const reference = parseImageReference(head.image.value);
  if (reference.kind === 'valid' && reference.domain === DOCKER_HUB) {
    const cure = cureOfDockerImage(reference.path, head.command?.value);
    if (cure !== undefined) return cure;
  }
  const program = head.entrypoint ?? entrypoint ?? '';
  if (program !== '' && !SHELL.test(program)) return shape("--entrypoint sh IMAGE -c '…'");
  const isBash = /(?:^|\/)bash(?:[:@].*)?$/.test(head.image.value);
  const shell = program !== '' ? program : isBash ? 'bash' : undefined;
  const source = written === undefined ? undefined : sourceOf(text, head, written);
  const script = source === undefined || reference.kind === 'invalid' ? undefined : scriptOf(source.rest, shell);
  const sh = shell === undefined ? 'sh ' : '';
  if (source === undefined || script === undefined) return shape(`IMAGE ${sh}-c '…'`);
  const quoted = `'${script.text.replaceAll("'", `'\\''`)}'`;
  const line = `${source.head} ${sh}${script.option} ${quoted}`.replaceAll('\r\n', '\n');
  return isPrintable(line) ? `Run a shell in the container:\ncmd: ${asYaml(line)}` : shape(`IMAGE ${sh}-c '…'`);
}

function shape(line: string): string {
  return `Run a shell in the container: cmd: ${line}`;
}

interface Head {
  readonly words: readonly Word[];
  readonly image: Word;
  readonly command: Word | undefined;
  readonly entrypoint: string | undefined;
}

/** The words before the operator; undefined when no image is among them. */
function readHead(text: string, at: number): Head | undefined {
  const before = splitWords(text.slice(0, at));
  if (before.kind !== 'words') return undefined;
  const { uses, rest } = readFlags(before.words, RUN_FLAGS, 'leading');
  const [image, command] = rest;
  if (image === undefined) return undefined;
  const entrypoint = uses.findLast(({ rule }) => rule.name === '--entrypoint')?.value;
  return { words: before.words, image, command, entrypoint };
}

interface Source {
  readonly head: string;
  readonly rest: string;
}

/**
 * The written text before and after the end of the image. Undefined when it does not fit the text that was read word
 * by word, or when what templates put in would change the quotes.
 */
function sourceOf(text: string, head: Head, written: string): Source | undefined {
  const masked = written === text ? text : maskTemplates(written);
  if (masked === undefined || countQuotes(written) !== countQuotes(text)) return undefined;
  const split = splitWords(masked);
  const words = split.kind === 'operator' ? splitWords(masked.slice(0, split.at)) : split;
  if (words.kind !== 'words' || words.words.length !== head.words.length) return undefined;
  const fits = words.words.every(({ value, start, end }, index) => {
    const isChanged = index === 0 || /\{\{|\$/.test(written.slice(start, end));
    return isChanged || value === head.words[index]?.value;
  });
  const image = words.words[head.words.indexOf(head.image)];
  if (!fits || image === undefined) return undefined;
  return { head: written.slice(0, image.end).trim(), rest: written.slice(image.end) };
}

/** Signs inside templates are none of the shell's; undefined when a quote around the script would change a template. */
function maskTemplates(written: string): string | undefined {
  const templates = written.match(/\{\{.*?\}\}/g) ?? [];
  if (templates.some((template) => template.includes("'"))) return undefined;
  return written.replace(/\{\{.*?\}\}/g, (template) => 'x'.repeat(template.length));
}

function countQuotes(text: string): number {
  return text.split("'").length;
}

interface Script {
  readonly option: string;
  readonly text: string;
}

/**
 * What the shell gets as its script; undefined when nothing is left that it could run.
 * @param shell what the arguments go to anyway, if that is a shell
 */
function scriptOf(written: string, shell: string | undefined): Script | undefined {
  const isApart = /^(?:\s|\\\r?\n)/.test(written);
  const rest = written
    .replace(/^(?:\s|\\\r?\n)+/, '')
    .trimEnd()
    .replaceAll('\r\n', '\n');
  if (!isApart || rest === '' || /^[|&;<>)]/.test(rest)) return undefined;
  const [, option, unquoted] =
    /^(?:(?:\S*\/)?(?:ba|da|a)?sh[ \t]+)?(-e?c)[ \t]+(?![^\s|&;<>()]*['"\\])([^\s|&;<>)][\s\S]*)$/.exec(rest) ?? [];
  if (option !== undefined && unquoted !== undefined) return { option, text: unquoted };
  const needsShell = rest.startsWith('-') || (shell !== undefined && /^[^\s'"|&;<>()]+\.sh(?:\s|$)/.test(rest));
  return { option: '-c', text: needsShell ? `${quoteWord(shell ?? 'sh')} ${rest}` : rest };
}

/** Of other signs YAML makes something else, or nothing. */
function isPrintable(text: string): boolean {
  return !/[^\P{C}\n\t]|[\u2028\u2029\ufeff]/u.test(text);
}

/** As deep as steps are usually indented, so that the lines may be put into a file as they are. */
const INDENT = ' '.repeat(6);

/** A plain text where that reads back as itself, else a literal block. */
function asYaml(line: string): string {
  const isPlain = !/\n|:(?:\s|$)|\s#|^[,[\]{}#&*!|>'"%@`]|^[-?:](?:\s|$)/.test(line);
  return isPlain ? line : `|\n${INDENT}${line.replaceAll('\n', `\n${INDENT}`)}`;
}
