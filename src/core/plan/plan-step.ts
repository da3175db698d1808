/** From one step as written to one step of a plan: every default applied, every text taken apart. */
import type { PlannedStep, PushTaskStep, TaskStep } from '../../../task-schemas/index.ts';
import { unreachable } from '../unreachable.ts';
import { planBuild } from './build/plan-build.ts';
import { planCmd } from './cmd/plan-cmd.ts';
import { pushNames } from './images.ts';
import { commonOf, placeOf, type StepReport, type StepSetting } from './step-setting.ts';

/** Plans a step; undefined when a finding makes it unusable. What no policy gives to it is told. */
export function planStep(step: TaskStep, setting: StepSetting, report: StepReport): PlannedStep | undefined {
  const planned = planByKind(step, setting, report);
  if (planned !== undefined) report.refusal.step(planned, setting.networks, report.places);
  return planned;
}

function planByKind(step: TaskStep, setting: StepSetting, report: StepReport): PlannedStep | undefined {
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

/** Pushing has its own retries; those of the step do not apply (reference, section 1.2). */
function planPush(step: PushTaskStep, setting: StepSetting, report: StepReport): PlannedStep {
  const network = setting.usualNetwork;
  const { images, problems } = pushNames(step.push, [...setting.firstWords.keys()]);
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
