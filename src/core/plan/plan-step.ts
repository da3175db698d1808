/** From one step as written to one step of a plan: every default applied, every text taken apart. */
import type {
  BuildStep,
  BuildTaskStep,
  CmdStep,
  CmdTaskStep,
  PlannedMount,
  PlannedStep,
  PushTaskStep,
  TaskStep,
} from '../../../task-schemas/index.ts';
import { didYouMeanHint } from '../did-you-mean.ts';
import type { Findings } from '../task-file/findings.ts';
import type { StepPlaces } from '../task-file/read-step.ts';
import type { SourceText, Span } from '../task-file/source-text.ts';
import { findingsWithin, type TextFindings } from '../task-file/text-findings.ts';
import { unreachable } from '../unreachable.ts';
import { cacheImage } from './build-cache.ts';
import { type BuildWords, readBuild } from './build-words.ts';
import type { Mountable } from './cmd-volumes.ts';
import { type CmdWords, readCmd } from './docker-words.ts';
import { pushNames } from './images.ts';
import { isEngineNetwork } from './networks.ts';
import { parseCpus } from './option-values.ts';
import { checkBuildSupport, checkStepSupport, type ReportUnsupported } from './unsupported.ts';
import { resolveWorkingDirectory } from './working-directory.ts';

/** What every step gets from its task. `stepTimeout` in seconds. */
export interface TaskSetting {
  readonly stepTimeout: number;
  readonly workingDirectory: string | undefined;
  /** Names of the task's networks, and the one of steps that name none. */
  readonly networks: readonly string[];
  readonly usualNetwork: string | undefined;
  readonly mountable: Mountable;
  /** Of the run; both may be empty. */
  readonly registry: string;
  readonly taskName: string;
}

/** What a step gets from its task and from its place in the graph. */
export interface StepSetting extends TaskSetting {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly env: readonly string[];
}

/** Where a step's findings go and where its parts stand. */
export interface StepReport {
  readonly findings: Findings;
  readonly source: SourceText;
  readonly places: StepPlaces;
  readonly unsupported: ReportUnsupported;
}

/** Seconds between attempts when a step says nothing, or nothing positive (reference, section 1.2). */
const DEFAULT_RETRY_DELAY = 5;

/** Plans a step; undefined when a finding makes it unusable. */
export function planStep(step: TaskStep, setting: StepSetting, report: StepReport): PlannedStep | undefined {
  switch (step.kind) {
    case 'cmd':
      return planCmd(step, setting, report);
    case 'build':
      return planBuild(step, setting, report);
    case 'push':
      return planPush(step, setting, report);
    default:
      return unreachable(step);
  }
}

function commonOf(step: TaskStep, { id, dependsOn, stepTimeout }: StepSetting) {
  return {
    id,
    dependsOn: [...dependsOn],
    timeoutSeconds: positive(step.timeout) ?? stepTimeout,
    startDelaySeconds: positive(step.startDelay) ?? 0,
    retries: step.retries ?? 0,
    retryDelaySeconds: positive(step.retryDelay) ?? DEFAULT_RETRY_DELAY,
    retryOnErrors: step.retryOnErrors ?? [],
    repeat: step.repeat ?? 0,
    ignoreErrors: step.ignoreErrors ?? false,
  };
}

/** Nothing positive counts as nothing said. */
function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

function planCmd(step: CmdTaskStep, setting: StepSetting, report: StepReport): CmdStep | undefined {
  const words = readCmd(step.cmd, setting.mountable, textOf('cmd', step.cmd, report));
  const cpus = words?.cpus ?? readCpus(step, report);
  const network = networkOf(words?.network ?? step.network, setting, report);
  checkStepSupport(step, (field) => placeOf(field, report), report.unsupported);
  if (words === undefined) return undefined;
  const entrypoint = words.entrypoint ?? (step.entryPoint || undefined);
  const user = words.user ?? (step.user || undefined);
  return {
    kind: 'cmd',
    ...commonOf(step, setting),
    env: [...setting.env, ...words.env],
    ...directoryOf(step, words, setting),
    cmd: step.cmd,
    image: words.image,
    args: [...words.args],
    ...(entrypoint === undefined ? {} : { entrypoint: [entrypoint] }),
    ...(user === undefined ? {} : { user }),
    ...(network === undefined ? {} : { network }),
    ...(step.isolation ? { isolation: step.isolation } : {}),
    volumeMounts: [...mountsOf(step), ...words.mounts],
    ports: [...(step.ports ?? []), ...words.ports],
    expose: [...(step.expose ?? []), ...words.expose],
    detach: words.detach ?? step.detach ?? false,
    keep: step.keep ?? false,
    pull: words.pull ?? step.pull ?? false,
    pullRetries: positive(step.cmdDownloadRetries) ?? 0,
    pullRetryDelaySeconds: positive(step.cmdDownloadRetryDelay) ?? 0,
    privileged: words.privileged ?? step.privileged ?? false,
    ...(cpus === undefined ? {} : { cpus }),
    ...(words.memoryBytes === undefined ? {} : { memoryBytes: words.memoryBytes }),
  };
}

/** An option before the image wins over the property of the step, as it would on Docker's command line. */
function directoryOf(step: CmdTaskStep, words: CmdWords, setting: StepSetting): Pick<CmdStep, 'workingDirectory'> {
  if (words.workingDirectory !== undefined)
    return { workingDirectory: resolveWorkingDirectory(words.workingDirectory) };
  if (step.disableWorkingDirectoryOverride === true) return {};
  return { workingDirectory: resolveWorkingDirectory(step.workingDirectory || setting.workingDirectory) };
}

function readCpus({ cpus }: CmdTaskStep, report: StepReport): number | undefined {
  if (cpus === undefined || cpus === '') return undefined;
  const value = parseCpus(cpus);
  if (value === undefined)
    report.findings.error(
      'step-invalid-cpus',
      placeOf('cpus', report),
      `"${cpus}" is not a number of CPUs`,
      'Write a number such as 1.5.',
    );
  return value;
}

function mountsOf({ volumeMounts = [] }: CmdTaskStep | BuildTaskStep): readonly PlannedMount[] {
  return volumeMounts.map(({ name, mountPath }) => ({ volume: name, path: mountPath, readOnly: false }));
}

/** Any name is taken, as in the reference; one that nobody made is told. */
function networkOf(
  name: string | undefined,
  { networks, usualNetwork }: StepSetting,
  report: StepReport,
): string | undefined {
  if (name === undefined || name === '') return usualNetwork;
  if (networks.includes(name) || isEngineNetwork(name)) return name;
  const message = `"${name}" is not a network of this task, so the worker will refuse the step`;
  const hint =
    didYouMeanHint(name, networks) ??
    'Leave it out to use the network of the run, or declare it under networks: of the task.';
  report.findings.warning('network-unknown', placeOf('network', report), message, hint);
  return name;
}

function planBuild(step: BuildTaskStep, setting: StepSetting, report: StepReport): BuildStep | undefined {
  const workingDirectory = resolveWorkingDirectory(step.workingDirectory || setting.workingDirectory);
  const words = readBuild(step.build, workingDirectory, textOf('build', step.build, report));
  if (words === undefined) return undefined;
  checkBuildSupport(words, placeOf('build', report), report.unsupported);
  checkStepSupport(step, (field) => placeOf(field, report), report.unsupported);
  const network = networkOf(step.network, setting, report);
  const cache = cacheOf(step, words.images, setting, report);
  return {
    kind: 'build',
    ...commonOf(step, setting),
    ...(network === undefined ? {} : { network }),
    env: [...setting.env],
    workingDirectory,
    volumeMounts: [...mountsOf(step)],
    build: step.build,
    ...copyLists(words),
    ...(cache === undefined ? {} : { cache }),
  };
}

/** The words with lists of their own: a plan may be changed, what was read may not. */
function copyLists({
  images,
  buildArgs,
  labels,
  cacheFrom,
  cacheTo,
  secrets,
  ssh,
  extraHosts,
  ulimits,
  ...rest
}: BuildWords) {
  const texts = { images: [...images], buildArgs: [...buildArgs], labels: [...labels], secrets: [...secrets] };
  const more = { cacheFrom: [...cacheFrom], cacheTo: [...cacheTo], ssh: [...ssh], extraHosts: [...extraHosts] };
  return { ...rest, ...texts, ...more, ulimits: [...ulimits] };
}

function cacheOf(
  step: BuildTaskStep,
  images: readonly string[],
  { id, taskName, registry }: StepSetting,
  report: StepReport,
): string | undefined {
  if (step.cache?.toLowerCase() !== 'enabled') return undefined;
  const image = cacheImage({ images, stepId: id, taskName, registry });
  if (image !== undefined) return image;
  const [message, hint] =
    images.length === 0
      ? ['The layers of this build are not kept, because it names no image', 'Give it a name with -t.']
      : [
          'The layers of this build are not kept: the names of task and step make no tag',
          'Give the step a shorter id.',
        ];
  report.findings.warning('cache-without-effect', placeOf('cache', report), message, hint);
  return undefined;
}

/** Pushing has its own retries; those of the step do not apply (reference, section 1.2). */
function planPush(step: PushTaskStep, setting: StepSetting, report: StepReport): PlannedStep {
  const network = setting.usualNetwork;
  const { images, problems } = pushNames(step.push);
  for (const { index, reason, hint } of problems) {
    report.findings.error('image-invalid', placeOf(`push.${index}`, report), reason, hint);
  }
  return {
    kind: 'push',
    ...commonOf(step, setting),
    ...(network === undefined ? {} : { network }),
    retries: 0,
    repeat: 0,
    images: [...images],
  };
}

function placeOf(field: string, { places }: StepReport): Span {
  return places.fields.get(field) ?? places.whole;
}

function textOf(field: string, value: string, report: StepReport): TextFindings {
  return findingsWithin(report.findings, report.source.text, placeOf(field, report), value);
}
