import type { Findings } from '../task-file/findings.ts';
import type { SourceText } from '../task-file/source-text.ts';
import { type Instruction, optionValues } from './instructions.ts';
import { readImage, type StageSource } from './stage.ts';
import type { Word } from './words.ts';

/**
 * The stages and images that an instruction takes files from besides the stage it stands in: `COPY --from=…` and
 * `RUN --mount=…,from=…`. The reference does not look at them.
 */
export function copySources(instruction: Instruction): readonly Word[] {
  if (instruction.keyword === 'COPY') return optionValues(instruction, 'from').filter(({ text }) => text !== '');
  if (instruction.keyword !== 'RUN') return [];
  return optionValues(instruction, 'mount').flatMap(mountSource);
}

/** The value of a mount is a line of CSV, whose fields may be quoted as a whole. */
function mountSource({ text, span }: Word): readonly Word[] {
  const field = /(?:^|,)"?from=([^",]+)/.exec(text);
  const [whole = '', value = ''] = field ?? [];
  if (field === null) return [];
  // Options are rarely broken over lines; then the place is the whole option.
  const start = span.end - text.length + field.index + whole.length - value.length;
  return [{ text: value, span: { start, end: start + value.length } }];
}

/**
 * What a source names: the name or number of a stage, else an image; none if it is a mistake, which is only a warning
 * because the reference does not look here. Docker knows all stages at this point, those further down too.
 * @param own number of the stage that takes the files
 * @param names of all stages, in lower case
 */
export function copySource(
  word: Word,
  own: number,
  names: readonly (string | undefined)[],
  { findings, source }: { readonly findings: Findings; readonly source: SourceText },
): readonly StageSource[] {
  const text = word.text.replace(/^(["'])(.*)\1$/, '$2');
  const warn = (message: string, hint: string) => findings.warning('dockerfile-copy-from', word.span, message, hint);
  if (/^\d+$/.test(text)) {
    if (Number(text) < names.length && Number(text) !== own) return [{ kind: 'stage', index: Number(text) }];
    warn(`No other stage has the number ${text}`, 'Stages count from 0; it is safer to give them names.');
    return [];
  }
  const index = names.lastIndexOf(text.toLowerCase());
  if (index >= 0) return [{ kind: 'stage', index }];
  if (text.includes('$')) {
    warn(
      `"${text}" stays as it is: Docker fills in no variables here`,
      'Write FROM … AS name above and use that name.',
    );
    return [];
  }
  const read = readImage(text, word.span, source);
  if (read.kind === 'valid') return [{ kind: 'image', image: read.image }];
  warn(`"${text}" is neither a stage nor the name of an image: ${read.reason}`, read.hint);
  return [];
}
