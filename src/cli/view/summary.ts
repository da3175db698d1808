import type { Run, RunFailure, RunStatus, StepRecord, StepStatus } from '../../../task-schemas/index.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Style } from '../style.ts';
import { imageName } from './image-name.ts';
import { formatDuration } from './quantity.ts';

/** What a run came to: its steps, the images it pushed and one line with its status. Ends with a line end. */
export function renderSummary(run: Run, style: Style): string {
  const lines = [
    '',
    ...renderSteps(run, style),
    ...run.outputImages.map((image) => `Pushed ${style.bold(imageName(image))}`),
    `Run ${run.id} ${paintStatus(run.status, style)}${tookOf(run)}`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What the run failed with is told below its steps, once. */
function withoutFailure(step: StepRecord, failure: RunFailure | undefined): StepRecord {
  const { message, ...rest } = step;
  return message === undefined || message === failure?.message ? rest : step;
}

/** One line per step of a run: id, kind, status, how long it took, and what there is to say about its end. */
export function renderSteps(run: Run, style: Style): string[] {
  const steps = run.steps.map((step) => withoutFailure(step, run.failure));
  const idWidth = Math.max(0, ...steps.map((step) => step.id.length));
  return steps.map((step) => {
    const status = paintStep(step.status, style, step.status.padEnd(9));
    const took = stepTook(step).padStart(7);
    const exit = step.exitCode === undefined || step.exitCode === 0 ? '' : `  exit code ${step.exitCode}`;
    const cached = cachedOf(step);
    const remark = step.message === undefined ? '' : `  ${style.dim(step.message)}`;
    return `  ${step.id.padEnd(idWidth)}  ${step.kind.padEnd(5)}  ${status}  ${took}${exit}${cached}${remark}`.trimEnd();
  });
}

/** How much of a build was there already and what that saved; nothing for one that has no instructions to count. */
function cachedOf({ build }: StepRecord): string {
  if (build === undefined || build.instructions === 0) return '';
  const { instructions, cached, savedSeconds } = build;
  const saved = savedSeconds === undefined ? '' : `, ${formatDuration(savedSeconds * 1000)} saved`;
  return `  ${cached} of ${instructions} cached${saved}`;
}

/** A run's status in the colour of its meaning. */
export function paintStatus(status: RunStatus, style: Style, text: string = status): string {
  switch (status) {
    case 'Succeeded':
      return style.good(text);
    case 'Failed':
    case 'Error':
    case 'Timeout':
      return style.bad(text);
    case 'Canceled':
      return style.warn(text);
    case 'Queued':
    case 'Started':
    case 'Running':
      return text;
    default:
      return unreachable(status);
  }
}

function paintStep(status: StepStatus, style: Style, text: string): string {
  switch (status) {
    case 'succeeded':
      return style.good(text);
    case 'failed':
      return style.bad(text);
    case 'stopped':
      return style.warn(text);
    case 'waiting':
    case 'skipped':
      return style.dim(text);
    case 'running':
      return text;
    default:
      return unreachable(status);
  }
}

function stepTook({ startedAt, finishedAt }: StepRecord): string {
  return startedAt === undefined || finishedAt === undefined ? '' : formatDuration(finishedAt - startedAt);
}

/** Counted from the queueing: that is how long the user waited. */
function tookOf(run: Run): string {
  return run.finishedAt === undefined ? '' : ` after ${formatDuration(run.finishedAt - run.queuedAt)}`;
}
