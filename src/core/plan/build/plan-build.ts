import type { BuildStep, BuildTaskStep, PlannedCache } from '../../../../task-schemas/index.ts';
import { resolveWorkingDirectory } from '../cmd/working-directory.ts';
import { commonOf, mountsOf, placeOf, type StepReport, type StepSetting, textOf } from '../step-setting.ts';
import { checkStepSupport } from '../unsupported.ts';
import { cacheImage } from './build-cache.ts';
import { type BuildWords, readBuild } from './build-words.ts';
import { mountProblems } from './mounted-file.ts';
import { reportBuildSecrets } from './report-build-secrets.ts';

/** Plans a build step; undefined when a finding makes it unusable. */
export function planBuild(step: BuildTaskStep, setting: StepSetting, report: StepReport): BuildStep | undefined {
  const workingDirectory = resolveWorkingDirectory(step.workingDirectory || setting.workingDirectory);
  const words = readBuild(step.build, workingDirectory, textOf('build', step.build, report), [
    ...setting.firstWords.keys(),
  ]);
  if (words === undefined) return undefined;
  const mounts = mountsOf(step);
  const { env, secrets, volumes } = setting;
  const hidden = { env, directory: workingDirectory, mounts, volumes, secrets };
  reportBuildSecrets(words, { text: step.build, ...hidden }, textOf('build', step.build, report));
  for (const { code, isError, message, hint } of mountProblems(words, mounts))
    report.findings[isError ? 'error' : 'warning'](code, placeOf('volumeMounts', report), message, hint);
  checkStepSupport(step, (field) => placeOf(field, report), report.unsupported);
  // Nothing of a build but RUN instructions has a network, and theirs is an option of the text.
  const network = step.network || setting.usualNetwork;
  const cache = cacheOf(step, words.images, setting, report);
  return {
    kind: 'build',
    ...commonOf(step, setting),
    ...(network === undefined ? {} : { network }),
    env: [...setting.env],
    workingDirectory,
    volumeMounts: [...mounts],
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
  platforms,
  ...rest
}: BuildWords) {
  const texts = { images: [...images], buildArgs: [...buildArgs], labels: [...labels], secrets: [...secrets] };
  const more = { cacheFrom: [...cacheFrom], cacheTo: [...cacheTo], ssh: [...ssh], extraHosts: [...extraHosts] };
  return {
    ...rest,
    ...texts,
    ...more,
    ulimits: [...ulimits],
    ...(platforms === undefined ? {} : { platforms: [...platforms] }),
  };
}

function cacheOf(
  step: BuildTaskStep,
  images: readonly string[],
  { id, taskName, registry }: StepSetting,
  report: StepReport,
): PlannedCache | undefined {
  const wish = step.cache?.toLowerCase();
  if (wish === 'disabled') return { kind: 'disabled' };
  if (wish !== 'enabled') return undefined;
  const image = cacheImage({ images, stepId: id, taskName, registry });
  if (image !== undefined) return { kind: 'kept', image, pushedBy: 'build' };
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
