import type { CmdStep, CmdTaskStep } from '../../../../task-schemas/index.ts';
import { expandFirstWord } from '../../task-file/alias/expand.ts';
import { atMostADay } from '../../task-file/limits.ts';
import { commonOf, mountsOf, placeOf, positive, type StepReport, type StepSetting, textOf } from '../step-setting.ts';
import { checkStepSupport } from '../unsupported.ts';
import { parseCpus } from '../words/option-values.ts';
import { writtenText } from '../words/written-text.ts';
import { type CmdWords, readCmd } from './docker-words.ts';
import { type PortList, portProblem } from './ports.ts';
import { resolveWorkingDirectory } from './working-directory.ts';

/** Plans a cmd step; undefined when a finding makes it unusable. */
export function planCmd(step: CmdTaskStep, setting: StepSetting, report: StepReport): CmdStep | undefined {
  const cmd = expandFirstWord(step.cmd, setting.firstWords);
  const written = writtenText('cmd', step.cmd, report);
  const words = readCmd(cmd, setting.mountable, textOf('cmd', cmd, report), {
    written,
    entrypoint: step.entryPoint,
    aliases: [...setting.firstWords.keys()],
  });
  const cpus = words?.cpus ?? readCpus(step, report);
  const network = words?.network || step.network || setting.usualNetwork;
  if (words?.entrypoint === undefined) warnEntryPoint(step, report);
  checkPorts('ports', step.ports, report);
  checkPorts('expose', step.expose, report);
  checkStepSupport(step, (field) => placeOf(field, report), report.unsupported);
  if (words === undefined) return undefined;
  const entrypoint = words.entrypoint ?? (step.entryPoint || undefined);
  const user = words.user ?? (step.user || undefined);
  return {
    kind: 'cmd',
    ...commonOf(step, setting),
    env: [...setting.env, ...words.env],
    ...directoryOf(step, words, setting),
    cmd,
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
    pullRetryDelaySeconds: atMostADay(positive(step.cmdDownloadRetryDelay) ?? 0),
    privileged: words.privileged ?? step.privileged ?? false,
    ...(cpus === undefined ? {} : { cpus }),
    ...(words.memoryBytes === undefined ? {} : { memoryBytes: words.memoryBytes }),
    ...(words.shmSizeBytes === undefined ? {} : { shmSizeBytes: words.shmSizeBytes }),
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

function checkPorts(list: PortList, entries: readonly string[] = [], report: StepReport): void {
  for (const [index, text] of entries.entries()) {
    const problem = portProblem(list, text);
    if (problem !== undefined)
      report.findings.error('port-invalid', placeOf(`${list}.${index}`, report), problem.message, problem.hint);
  }
}

/** As Docker's `--entrypoint`, it is never split into words; the path of a program may have blanks, but seldom does. */
function warnEntryPoint({ entryPoint = '' }: CmdTaskStep, report: StepReport): void {
  const [program = '', ...rest] = entryPoint.trim().split(/\s+/);
  if (rest.length === 0) return;
  const message = `"${entryPoint}" is taken as the name of one program, with its blanks`;
  const hint = `Write entryPoint: ${program}, and "${rest.join(' ')}" in cmd, after the image.`;
  report.findings.warning('entrypoint-with-blanks', placeOf('entryPoint', report), message, hint);
}
