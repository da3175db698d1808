/** From the text of a build step (what follows `docker build`) to what is built. No shell is involved. */
import { didYouMeanHint } from '../../did-you-mean.ts';
import type { TextFindings } from '../../task-file/text-findings.ts';
import type { AliasNames } from '../image-mistake.ts';
import { type FlagProblem, readFlags } from '../words/flags.ts';
import { readWords } from '../words/read-words.ts';
import type { Word } from '../words/shell-words.ts';
import { isLikelyRepository, resolveBuildPaths } from './build-context.ts';
import { type BuildOptions, readBuildOptions } from './build-options.ts';
import { BUILD_FLAGS } from './docker-build-flags.ts';

/** What a build text says; `context` and `dockerfile` are as in a plan's build step. */
export type BuildWords = Omit<BuildOptions, 'file'> & { readonly context: string; readonly dockerfile: string };

/** A build text taken apart, with the context and the Dockerfile (`file`) as they are written. */
export interface BuildText {
  readonly options: BuildOptions;
  /** Absent: the working directory. */
  readonly context: Word | undefined;
  readonly fileWord: Word | undefined;
}

/**
 * Reads a build text; undefined when a finding makes it unusable (those of `readBuildText`, `build-outside-workspace`,
 * `build-stdin`, `not-supported-yet`).
 * @param directory absolute working directory of the step
 */
export function readBuild(
  text: string,
  directory: string,
  report: TextFindings,
  aliases?: AliasNames,
): BuildWords | undefined {
  const read = readBuildText(text, report, aliases);
  if (read === undefined) return undefined;
  const { context, fileWord, options } = read;
  const { file, ...known } = options;
  const paths = resolveBuildPaths(context?.value ?? '.', file, directory);
  if (context !== undefined && isLikelyRepository(context.value)) {
    const message = `"${context.value}" is fetched as an archive, because it does not end in .git`;
    const hint = `Write ${context.value.replace(/\/?(?=#|$)/, '.git')} to build from the repository.`;
    report.warning('build-context-not-git', context.start, context.end, message, hint);
  }
  if (paths.kind === 'found') return { ...known, context: paths.context, dockerfile: paths.dockerfile };
  const word = paths.of === 'context' ? context : fileWord;
  report.error(paths.code, word?.start ?? 0, word?.end ?? 0, paths.message, paths.hint);
  return undefined;
}

/**
 * Takes a build text apart; undefined when a finding makes it unusable (`shell-operator`, `open-quote`,
 * `build-unknown-option`, `build-refused-option`, `build-option-value`, `build-many-contexts`, `image-invalid`).
 */
export function readBuildText(text: string, report: TextFindings, aliases?: AliasNames): BuildText | undefined {
  const words = readWords(
    text,
    report,
    () => 'A build step is the text after `docker build`; do the rest in a cmd step, or put quotes around the word.',
  );
  if (words === undefined) return undefined;
  const { uses, rest, problems } = readFlags(words, BUILD_FLAGS, 'anywhere');
  for (const problem of problems) reportProblem(problem, report);
  const options = readBuildOptions(uses, report, aliases);
  const [context, second] = rest;
  if (second !== undefined && problems.length === 0) {
    const message = `A build has one context, but "${second.value}" follows "${context?.value}"`;
    const hint = 'Put quotes around a value that has blanks.';
    report.error('build-many-contexts', second.start, second.end, message, hint);
    return undefined;
  }
  if (options === undefined || problems.length > 0) return undefined;
  return { options, context, fileWord: uses.findLast(({ rule }) => rule.name === '--file')?.valueWord };
}

function reportProblem(problem: FlagProblem, report: TextFindings): void {
  const { start, end } = problem.word;
  if (problem.kind === 'no-value') {
    report.error('build-option-value', start, end, `The option ${problem.flag} needs a value`);
    return;
  }
  const known = BUILD_FLAGS.filter(({ effect }) => effect.kind !== 'refused').map(({ name }) => name);
  const hint = () => didYouMeanHint(problem.flag, known) ?? `A build may have: ${known.join(', ')}.`;
  report.error('build-unknown-option', start, end, `"${problem.flag}" is not an option of docker build`, hint);
}
