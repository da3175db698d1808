import type { Task } from '../../../task-schemas/index.ts';
import type { Style } from '../style.ts';
import { formatAgo } from './quantity.ts';
import { describeSource, describeWork, statusOf } from './task-table.ts';
import { renderTimers } from './timers.ts';

type Settings = Readonly<Record<string, string>>;

/** One task for people. Ends with a line end. Secrets are named only. */
export function renderTask(task: Task, now: number, style: Style): string {
  const { request, secretNames } = task;
  const source = describeSource(request);
  const settings: Settings = (request.kind === 'docker-build' ? request.buildArgs : request.set) ?? {};
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Task', style.bold(task.name)],
    ['Status', task.enabled ? style.good(statusOf(task)) : style.warn(statusOf(task))],
    ['Does', describeWork(request)],
    ['Source', source === '' ? undefined : source],
    ['Platform', request.platform],
    ['Pool', task.pool],
    ['Timeout', request.timeoutSeconds === undefined ? undefined : `${request.timeoutSeconds} s`],
    [request.kind === 'docker-build' ? 'Arguments' : 'Values', listed(settings)],
    ['Secrets', [...secretNames.set, ...secretNames.buildArgs].join(', ') || undefined],
    ['Tags', listed(task.tags ?? {})],
    ['Created', formatAgo(task.createdAt, now)],
    ['Changed', `${formatAgo(task.updatedAt, now)} (revision ${task.revision})`],
  ];
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(9)}  ${value}`]));
  if (task.timers !== undefined && task.timers.length > 0) {
    lines.push('', style.bold('Timers'), ...indented(renderTimers(task, now, style)));
  }
  if (request.kind === 'encoded-task') lines.push('', style.bold('Task file'), ...indented(request.taskText));
  return lines.map((line) => `${line}\n`).join('');
}

function listed(settings: Settings): string | undefined {
  const texts = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return texts.length === 0 ? undefined : texts.join(', ');
}

function indented(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd());
}
