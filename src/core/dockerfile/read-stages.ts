import { didYouMeanHint } from '../did-you-mean.ts';
import type { Findings } from '../task-file/findings.ts';
import type { SourceText } from '../task-file/source-text.ts';
import { baseImage } from './base-image.ts';
import type { BuildArguments } from './build-arguments.ts';
import { copySource, copySources } from './copy-sources.ts';
import { expand } from './expand.ts';
import { type FromClause, readFrom } from './from.ts';
import type { DockerfileParts, Instruction } from './instructions.ts';
import type { DockerfileStage, StageSource, UsedImage } from './stage.ts';
import type { Word } from './words.ts';

/** What the stages are read from; mistakes go to `findings`, and `args` learns of the ARGs on the way. */
export interface StageInput extends DockerfileParts {
  readonly args: BuildArguments;
  readonly target: string;
  readonly source: SourceText;
  readonly findings: Findings;
}

/** A stage whose base may be a mistake, which is reported. */
type Draft = Omit<DockerfileStage, 'base' | 'origin' | 'copies' | 'needed'> & {
  readonly base: StageSource | undefined;
  readonly origin: UsedImage | undefined;
  readonly sources: Word[];
};

/** Reads the stages down to the target. Those with mistakes are left out, so the list counts only without errors. */
export function readStages(input: StageInput): readonly DockerfileStage[] {
  const clauses = input.instructions.filter(({ keyword }) => keyword === 'FROM').map(readFrom);
  const last = targetIndex(clauses, input);
  const drafts: Draft[] = [];
  const named = new Map<string, Draft>();
  for (const instruction of input.instructions) {
    const stage = drafts.at(-1);
    if (instruction.keyword === 'FROM') {
      const clause = clauses[drafts.length];
      if (drafts.length > last || clause === undefined) break;
      const draft = readStage(instruction, clause, drafts.length, named, input);
      drafts.push(draft);
      if (draft.name !== undefined) named.set(draft.name, draft);
    } else if (instruction.keyword === 'ARG') declareArguments(instruction, input);
    else if (stage === undefined && last >= 0) refuseBeforeFrom(instruction, input);
    else stage?.sources.push(...copySources(instruction));
  }
  if (drafts.length === 0) {
    const hint = 'A Dockerfile begins with the image it builds on: FROM image';
    input.findings.error('dockerfile-no-from', { start: 0, end: 0 }, 'The Dockerfile has no FROM', hint);
  }
  const names = clauses.map(({ name }) => name);
  const sources = drafts.map((draft) => draft.sources.flatMap((word) => copySource(word, draft.index, names, input)));
  const needed = neededStages(drafts, sources);
  return drafts.flatMap(({ base, origin, sources: _, ...rest }, index) =>
    base === undefined || origin === undefined
      ? []
      : [{ ...rest, base, origin, copies: sources[index] ?? [], needed: needed.has(index) }],
  );
}

/** The stage that is asked for by name or number, else the last one. */
function targetIndex(clauses: readonly FromClause[], { target, findings }: StageInput): number {
  const last = clauses.length - 1;
  if (target === '' || last < 0) return last;
  const named = clauses.findIndex(({ name }) => name === target.toLowerCase());
  if (named >= 0) return named;
  if (/^\d+$/.test(target) && Number(target) <= last) return Number(target);
  const names = clauses.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const all = names.length === 0 ? 'No stage has a name; write FROM image AS name.' : `Stages: ${names.join(', ')}.`;
  const message = `No stage is called "${target}"`;
  findings.warning('dockerfile-target', { start: 0, end: 0 }, message, didYouMeanHint(target, names) ?? all);
  return last;
}

function readStage(
  instruction: Instruction,
  clause: FromClause,
  index: number,
  above: ReadonlyMap<string, Draft>,
  input: StageInput,
): Draft {
  for (const { severity, at, message, hint } of clause.problems) {
    input.findings[severity]('dockerfile-from', at?.span ?? instruction.span, message, hint);
  }
  const { args, escapeChar } = input;
  const platform = clause.platform && expand(clause.platform.text, args.valueOf, escapeChar);
  const stage = {
    index,
    ...(clause.name === undefined ? {} : { name: clause.name }),
    ...(platform === undefined || platform.names.some((name) => !args.valueOf(name))
      ? {}
      : { platform: platform.text }),
    place: input.source.locate(instruction.span).place,
    sources: [],
  };
  const broken = clause.base === undefined || clause.problems.some(({ severity }) => severity === 'error');
  if (broken) return { ...stage, base: undefined, origin: undefined };
  const filled = expand(clause.base.text, args.valueOf, escapeChar);
  const parent = above.get(filled.text.toLowerCase());
  if (parent !== undefined) return { ...stage, base: { kind: 'stage', index: parent.index }, origin: parent.origin };
  const image = baseImage(clause.base, filled, input);
  return { ...stage, base: image && { kind: 'image', image }, origin: image };
}

/** One ARG may declare several; a default may use those before it. */
function declareArguments({ words, span }: Instruction, { args, escapeChar, findings }: StageInput): void {
  const hint = 'Write ARG NAME or ARG NAME=default.';
  if (words.length === 0) findings.error('dockerfile-arg', span, 'ARG names no argument', hint);
  for (const word of words) {
    const separator = word.text.indexOf('=');
    const name = expand(separator < 0 ? word.text : word.text.slice(0, separator), () => undefined, escapeChar).text;
    if (name === '') {
      findings.error('dockerfile-arg', word.span, `The ARG "${word.text}" has no name before its "="`, hint);
      continue;
    }
    const value = separator < 0 ? undefined : expand(word.text.slice(separator + 1), args.valueOf, escapeChar);
    if (value?.problem === undefined) args.declare(name, value?.text);
    else {
      const cure = `Only a FROM that uses ${name} needs to know it; --build-arg ${name}=… gives it a value.`;
      findings.warning('dockerfile-arg', word.span, `The default of ${name} is left out: ${value.problem}`, cure);
      args.declare(name, undefined);
    }
  }
}

function refuseBeforeFrom({ keyword, span }: Instruction, { findings }: StageInput): void {
  const hint = 'Only ARG may stand above the first FROM; move the line below it.';
  findings.error('dockerfile-no-from', span, `${keyword} stands before any FROM`, hint);
}

function neededStages(drafts: readonly Draft[], sources: readonly (readonly StageSource[])[]): ReadonlySet<number> {
  const needed = new Set<number>();
  const open = [drafts.length - 1];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (needed.has(index)) continue;
    needed.add(index);
    const base = drafts[index]?.base;
    for (const source of [...(base === undefined ? [] : [base]), ...(sources[index] ?? [])]) {
      if (source.kind === 'stage') open.push(source.index);
    }
  }
  return needed;
}
