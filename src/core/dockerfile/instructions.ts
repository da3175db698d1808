/** From a Dockerfile's text to its instructions. The only file that knows the parser library. */
import { DockerfileParser } from 'dockerfile-ast';
import type { Span } from '../task-file/source-text.ts';
import { type PreparedText, prepareText } from './prepare-text.ts';
import { splitWords, type Word } from './words.ts';

/** An instruction: `keyword` in upper case, options (`--from=a`) apart from the words that follow them. */
export interface Instruction {
  readonly keyword: string;
  readonly options: readonly Word[];
  readonly words: readonly Word[];
  readonly span: Span;
}

/** A Dockerfile cut into instructions, with what its directives say. */
export interface DockerfileParts extends Pick<PreparedText, 'escapeChar' | 'syntax'> {
  readonly instructions: readonly Instruction[];
}

/** Reads the instructions of a text that has no byte order mark. Nothing is refused here. */
export function readInstructions(text: string): DockerfileParts {
  const { text: prepared, escapeChar, syntax } = prepareText(text);
  const starts = lineStarts(text);
  const offset = ({ line, character }: { line: number; character: number }) =>
    Math.min((starts[line] ?? text.length) + character, text.length);
  const instructions = DockerfileParser.parse(prepared)
    .getInstructions()
    .map((found) => {
      const { start, end } = found.getRange();
      const span = { start: offset(start), end: offset(end) };
      const words = splitWords(text, { start: offset(found.getInstructionRange().end), end: span.end }, escapeChar);
      const options = words.findIndex((word) => !word.text.startsWith('--'));
      const count = options < 0 ? words.length : options;
      return { keyword: found.getKeyword(), options: words.slice(0, count), words: words.slice(count), span };
    });
  return { instructions, escapeChar, ...(syntax === undefined ? {} : { syntax }) };
}

/** The values of an option, for example of each `--from=…`, in order. */
export function optionValues({ options }: Instruction, name: string): readonly Word[] {
  const prefix = `--${name}=`;
  return options
    .filter(({ text }) => text.startsWith(prefix))
    .map(({ text, span }) => ({
      text: text.slice(prefix.length),
      span: { ...span, start: span.start + prefix.length },
    }));
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}
