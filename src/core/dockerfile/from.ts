import { type Instruction, optionValues } from './instructions.ts';
import type { Word } from './words.ts';

/** What a FROM says, word by word. */
export interface FromClause {
  /** Name of an image or of a stage above, variables not filled in; undefined: it is missing. */
  readonly base: Word | undefined;
  /** Name of the stage in lower case, for stage names have no case. */
  readonly name?: string;
  readonly platform?: Word;
  readonly problems: readonly FromProblem[];
}

/** Something wrong with a FROM, at one of its words or, without one, at the whole of it. */
export interface FromProblem {
  readonly severity: 'error' | 'warning';
  readonly at: Word | undefined;
  readonly message: string;
  readonly hint: string;
}

const FORM = 'Write FROM image, or FROM image AS name.';

/** Reads the words of a FROM (reference, section 7.2), and `--platform`, which the reference refuses. */
export function readFrom(instruction: Instruction): FromClause {
  const [base, as, name] = instruction.words;
  const platform = optionValues(instruction, 'platform')[0];
  const found = { base, ...(platform === undefined ? {} : { platform }) };
  const problems = [...optionProblems(instruction), ...formProblems(instruction.words)];
  if (name === undefined || problems.some(({ severity }) => severity === 'error')) return { ...found, problems };
  if (as === undefined || /^[a-z][a-z0-9_.-]*$/i.test(name.text)) {
    return { ...found, name: name.text.toLowerCase(), problems };
  }
  const message = `"${name.text}" is not a name for a stage`;
  const hint = 'A stage name begins with a letter and goes on with letters, digits, dots, hyphens and underscores.';
  return { ...found, problems: [...problems, { severity: 'error', at: name, message, hint }] };
}

function optionProblems({ options }: Instruction): readonly FromProblem[] {
  const unknown = options.filter(({ text }) => !text.startsWith('--platform='));
  return unknown.map((at) => {
    const hint = 'The one option of FROM is --platform=os/architecture.';
    return { severity: 'error', at, message: `FROM has no option "${at.text}"`, hint };
  });
}

function formProblems(words: readonly Word[]): readonly FromProblem[] {
  const [base, as, name, extra] = words;
  if (base === undefined) {
    return [{ severity: 'error', at: undefined, message: 'FROM names no image', hint: FORM }];
  }
  if (as === undefined) return [];
  if (as.text.toLowerCase() !== 'as') {
    const hint = as.text.startsWith('#') ? 'A comment needs a line of its own.' : FORM;
    return [{ severity: 'error', at: as, message: `After the image, FROM goes on with AS, not "${as.text}"`, hint }];
  }
  if (name === undefined) return [{ severity: 'error', at: as, message: 'After AS, FROM names no stage', hint: FORM }];
  if (extra === undefined) return [];
  const hint = extra.text.startsWith('#') ? 'A comment needs a line of its own.' : FORM;
  return [{ severity: 'warning', at: extra, message: `FROM ends before "${extra.text}"; Docker refuses more`, hint }];
}
