import type { Run, RunFailure, RunTrigger } from '../../../task-schemas/index.ts';
import { renderDiagnostic } from '../../core/diagnostic.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Style } from '../style.ts';
import { imageName } from './image-name.ts';
import { formatAgo, formatDuration } from './quantity.ts';
import { paintStatus, renderSteps } from './summary.ts';

/** One run for people: what was asked for, when, where, the steps and the result. Ends with a line end. */
export function renderRunDetails(run: Run, now: number, style: Style): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Run', style.bold(run.id)],
    ['Status', `${paintStatus(run.status, style)}${cancelNote(run)}`],
    ['Asked for', describeRequest(run)],
    ['By', describeTrigger(run.trigger)],
    ['Platform', run.platform],
    ['Queued', moment(run.queuedAt, now)],
    ['Started', moment(run.startedAt, now)],
    ['Finished', moment(run.finishedAt, now)],
    ['Took', took(run)],
    ['Log', logNote(run, now)],
    ['Worker', run.worker === undefined ? undefined : `${run.worker} (attempt ${run.attempt}, pool ${run.pool})`],
  ];
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(9)}  ${value}`]));
  if (run.steps.length > 0) lines.push('', style.bold('Steps'), ...renderSteps(run, style));
  if (run.outputImages.length > 0) {
    lines.push('', style.bold('Images'), ...run.outputImages.map((image) => `  ${imageName(image)}`));
  }
  if (run.failure !== undefined) lines.push('', ...renderFailure(run.failure, style));
  return lines.map((line) => `${line}\n`).join('');
}

function renderFailure({ step, message, hint, diagnostics }: RunFailure, style: Style): string[] {
  const where = step === undefined ? '' : ` in step ${step}`;
  return [
    `${style.bad(`Failure${where}:`)} ${message}`,
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ...(diagnostics ?? []).map(renderDiagnostic),
  ];
}

function describeTrigger(trigger: RunTrigger): string {
  switch (trigger.kind) {
    case 'manual':
      return trigger.by;
    case 'timer':
      return `timer ${trigger.timer}, due ${new Date(trigger.due).toISOString()}`;
    default:
      return unreachable(trigger);
  }
}

function describeRequest({ request }: Run): string {
  switch (request.kind) {
    case 'docker-build': {
      const images = request.images.length === 0 ? 'an image without a name' : request.images.join(', ');
      return `build of ${images} from ${request.dockerfile ?? 'Dockerfile'}`;
    }
    case 'task-file':
      return `task file ${request.taskFile}`;
    case 'encoded-task':
      return `task ${request.taskName ?? 'from the request'}`;
    default:
      return unreachable(request);
  }
}

function logNote({ keepLog, logDeletedAt }: Run, now: number): string | undefined {
  if (logDeletedAt !== undefined) return `deleted ${moment(logDeletedAt, now)}`;
  return keepLog === true ? 'kept' : undefined;
}

function cancelNote(run: Run): string {
  return run.cancelRequestedAt !== undefined && run.finishedAt === undefined ? ' (is being canceled)' : '';
}

function moment(at: number | undefined, now: number): string | undefined {
  return at === undefined ? undefined : `${new Date(at).toISOString()} (${formatAgo(at, now)})`;
}

function took({ startedAt, finishedAt }: Run): string | undefined {
  return startedAt === undefined || finishedAt === undefined ? undefined : formatDuration(finishedAt - startedAt);
}
