import type { Findings } from '../task-file/findings.ts';
import type { SourceText } from '../task-file/source-text.ts';
import { type BuildArguments, isPlatformArgument } from './build-arguments.ts';
import type { Expansion } from './expand.ts';
import { readImage, type UsedImage } from './stage.ts';
import type { Word } from './words.ts';

/** What a base is read with. */
interface BaseInput {
  readonly args: BuildArguments;
  readonly source: SourceText;
  readonly findings: Findings;
}

/**
 * The image of a FROM that names no stage; undefined: it is a mistake, which is reported. A number is an image too,
 * for only COPY and mounts know stages by number.
 */
export function baseImage(word: Word, filled: Expansion, { args, source, findings }: BaseInput): UsedImage | undefined {
  if (filled.problem !== undefined) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's variables, not JavaScript's
    const hint = 'Use $NAME, ${NAME}, ${NAME:-default} or ${NAME:+other}.';
    findings.error('dockerfile-arg', word.span, `In the base "${word.text}", ${filled.problem}`, hint);
    return undefined;
  }
  const read = readImage(filled.text, word.span, source);
  if (read.kind === 'valid') {
    warnUndeclared(word, filled.names, args, findings);
    return read.image;
  }
  const empty = filled.names.find((name) => (args.valueOf(name) ?? '') === '');
  if (empty === undefined) findings.error('image-invalid', word.span, read.reason, read.hint);
  else {
    const message = `${empty} has no value, so the base "${word.text}" is "${filled.text}", which is no image name`;
    findings.error('image-invalid', word.span, message, emptyCure(empty, args));
  }
  return undefined;
}

function emptyCure(name: string, args: BuildArguments): string {
  if (isPlatformArgument(name)) return `Docker sets ${name} from the platform of the build: give --platform=os/arch.`;
  if (args.isDeclared(name)) return `Give it with --build-arg ${name}=…, or give it a default: ARG ${name}=…`;
  return `Put ARG ${name}=… above the first FROM; --build-arg ${name}=… can then change it.`;
}

/** A given value counts here even so, as in the reference; Docker leaves it out. */
function warnUndeclared(word: Word, names: readonly string[], args: BuildArguments, findings: Findings): void {
  for (const name of names) {
    if (args.isDeclared(name)) continue;
    const message = `"${word.text}" uses ${name}, which no ARG above it declares; Docker reads it as empty`;
    findings.warning('dockerfile-arg', word.span, message, `Put ARG ${name} above the first FROM.`);
  }
}
