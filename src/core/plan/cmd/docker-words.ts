/** From the text of a cmd step to an image, its arguments and the docker-run options before it. No shell is involved. */
import type { PlannedMount } from '../../../../task-schemas/index.ts';
import { didYouMeanHint } from '../../did-you-mean.ts';
import { DOCKER_HUB, parseImageReference } from '../../image-reference.ts';
import type { TextFindings } from '../../task-file/text-findings.ts';
import { unreachable } from '../../unreachable.ts';
import { type ImageMistake, imageMistake } from '../image-mistake.ts';
import { type FlagProblem, type FlagUse, readFlags } from '../words/flags.ts';
import { parseBytes, parseCpus } from '../words/option-values.ts';
import { readWords } from '../words/read-words.ts';
import { type CmdOrigin, cureInContainer } from '../words/shell-cure.ts';
import type { Word } from '../words/shell-words.ts';
import { type Mountable, readVolume } from './cmd-volumes.ts';
import { cureOfDockerImage } from './docker-image.ts';
import { RUN_FLAGS, type RunFlag } from './docker-run-flags.ts';
import { portProblem } from './ports.ts';

/** What a cmd text says. Options that are not there are undefined; `env` is KEY=VALUE in order. */
export interface CmdWords {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly ports: readonly string[];
  readonly expose: readonly string[];
  readonly mounts: readonly PlannedMount[];
  readonly entrypoint?: string;
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly network?: string;
  readonly detach?: boolean;
  readonly privileged?: boolean;
  readonly pull?: boolean;
  readonly memoryBytes?: number;
  readonly shmSizeBytes?: number;
  readonly cpus?: number;
}

/**
 * Reads a cmd text; undefined when a finding makes it unusable (`shell-operator`, `open-quote`,
 * `cmd-unknown-option`, `cmd-refused-option`, `cmd-option-value`, `cmd-no-image`, `image-invalid`,
 * `mount-unknown-volume`, `port-invalid`).
 */
export function readCmd(
  text: string,
  mountable: Mountable,
  report: TextFindings,
  origin: CmdOrigin = { written: text },
): CmdWords | undefined {
  const words = readWords(text, report, (at) => cureInContainer(text, at, origin));
  if (words === undefined) return undefined;
  const { uses, rest, problems } = readFlags(words, RUN_FLAGS, 'leading');
  for (const problem of problems) reportProblem(problem, report);
  const [image, ...args] = rest;
  const options = readOptions(uses, mountable, report);
  if (image === undefined) {
    report.error(
      'cmd-no-image',
      0,
      text.length,
      'The cmd names no image',
      'Write the image after the options: cmd: IMAGE ARGUMENTS',
    );
    return undefined;
  }
  if (!isImage(image, args, report, origin) || problems.length > 0 || options === undefined) return undefined;
  for (const arg of args) warnExpansion(text, arg, report);
  return { image: image.value, args: args.map(({ value }) => value), ...options };
}

function isImage(word: Word, [command]: readonly Word[], report: TextFindings, origin: CmdOrigin): boolean {
  const reference = parseImageReference(word.value);
  const mistake = imageMistake(word.value, origin.aliases);
  if (mistake !== undefined) {
    const { reason, hint } = assignmentMistake(word, origin) ?? mistake;
    report.error('image-invalid', word.start, word.end, reason, hint);
    return false;
  }
  const isHub = reference.kind === 'valid' && reference.domain === DOCKER_HUB;
  const cure = isHub ? cureOfDockerImage(reference.path, command?.value) : undefined;
  if (cure !== undefined) {
    const message = 'No step reaches the Docker Engine of the worker, so this command of Docker will fail';
    report.warning('cmd-docker', word.start, command?.end ?? word.end, message, cure);
  }
  return true;
}

/** `FOO=bar alpine` is how a shell sets a variable. The value is shown only as it was written: it may be secret. */
function assignmentMistake({ value }: Word, { written }: CmdOrigin): ImageMistake | undefined {
  const [, name] = /^([A-Za-z_]\w*)=/.exec(value) ?? [];
  if (name === undefined) return undefined;
  const line = written?.trim() ?? '';
  const cured = line.replace(/^(?:[A-Za-z_]\w*=[^\s'"\\]*\s+)+/, (before) => before.replace(/\S+/g, '-e $&'));
  const hint = `Write -e before a variable: ${cured === line ? `-e ${name}=… IMAGE` : cured}`;
  return { reason: `${name}= sets a variable, but a cmd begins with an image or its options`, hint };
}

function reportProblem(problem: FlagProblem, report: TextFindings): void {
  const { start, end } = problem.word;
  if (problem.kind === 'no-value') {
    report.error('cmd-option-value', start, end, `The option ${problem.flag} needs a value`);
    return;
  }
  const known = RUN_FLAGS.filter(({ effect }) => effect.kind !== 'refused').map(({ name }) => name);
  const hint = () => didYouMeanHint(problem.flag, known) ?? `Before the image may stand: ${known.join(', ')}.`;
  report.error('cmd-unknown-option', start, end, `"${problem.flag}" is not an option of cmd`, hint);
}

type Options = Omit<CmdWords, 'image' | 'args'>;
type Draft = { -readonly [Name in keyof Options]: Options[Name] } & {
  env: string[];
  ports: string[];
  expose: string[];
  mounts: PlannedMount[];
};

/** The last use of an option that has one value counts, as in Docker. */
function readOptions(
  uses: readonly FlagUse<RunFlag>[],
  mountable: Mountable,
  report: TextFindings,
): Options | undefined {
  const draft: Draft = { env: [], ports: [], expose: [], mounts: [] };
  let sound = true;
  for (const use of uses) {
    const wrong = applyOption(draft, use, mountable, report);
    if (wrong === undefined) continue;
    const { start, end } = use.rule.effect.kind === 'refused' ? use.word : use.valueWord;
    report.error(wrong.code, start, end, wrong.message, wrong.hint);
    sound = false;
  }
  return sound ? draft : undefined;
}

type Wrong = { readonly code: string; readonly message: string; readonly hint?: string };

function applyOption(
  draft: Draft,
  { rule, value, word }: FlagUse<RunFlag>,
  mountable: Mountable,
  report: TextFindings,
): Wrong | undefined {
  const { effect, name } = rule;
  switch (effect.kind) {
    case 'env':
      if (value.indexOf('=') < 1)
        return wrongValue(
          `${name} needs KEY=VALUE, but has "${value}"`,
          'The worker’s own environment is not passed on; write the value.',
        );
      draft.env.push(value);
      return undefined;
    case 'ports': {
      const problem = portProblem(effect.field, value);
      draft[effect.field].push(value);
      return problem && { code: 'port-invalid', ...problem };
    }
    case 'text':
      draft[effect.field] = value;
      return undefined;
    case 'switch':
      if (!/^(?:true|false)$/.test(value)) return wrongValue(`${name} is true or false, not "${value}"`);
      draft[effect.field] = value === 'true';
      return undefined;
    case 'volume': {
      const volume = readVolume(value, mountable);
      if (volume.kind === 'wrong') return volume;
      draft.mounts.push(volume.mount);
      return undefined;
    }
    case 'size': {
      const bytes = parseBytes(value) ?? 0;
      draft[effect.field] = bytes;
      return bytes > 0
        ? undefined
        : wrongValue(`"${value}" is not an amount of memory`, 'Write a number with b, k, m or g, such as 512m.');
    }
    case 'cpus':
      draft.cpus = parseCpus(value) ?? 0;
      return draft.cpus > 0
        ? undefined
        : wrongValue(`"${value}" is not a number of CPUs`, 'Write a number such as 1.5.');
    case 'pull':
      if (!/^(?:always|missing)$/.test(value)) return wrongValue(`--pull is always or missing, not "${value}"`);
      draft.pull = value === 'always';
      return undefined;
    case 'nothing':
      return undefined;
    case 'warned':
      report.warning(
        'cmd-option-without-effect',
        word.start,
        word.end,
        `The option ${name} has no effect`,
        effect.hint,
      );
      return undefined;
    case 'refused':
      return { code: 'cmd-refused-option', message: `The option ${name} is not possible in a task`, hint: effect.hint };
    default:
      return unreachable(effect);
  }
}

function wrongValue(message: string, hint?: string): Wrong {
  return { code: 'cmd-option-value', message, ...(hint === undefined ? {} : { hint }) };
}

function warnExpansion(text: string, word: Word, report: TextFindings): void {
  if (word.expansion === undefined) return;
  const [variable = '$'] = /^\$(?:\{[^\s}]*\}?|\w+)/.exec(text.slice(word.expansion, word.end)) ?? [];
  const message = `No shell replaces ${variable}: the program gets it as written`;
  const hint =
    "To use a variable of the container, run a shell in it: IMAGE sh -c '…'. Put single quotes around it if it is meant as written.";
  report.warning('cmd-variable', word.expansion, word.end, message, hint);
}
