import type { RunRequest, Task } from '../../../task-schemas/index.ts';
import { shownSource } from '../../core/source/parse-source.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Style } from '../style.ts';
import { formatAgo } from './quantity.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'TASK' },
  { title: 'STATUS' },
  { title: 'DOES', shrinkTo: 12 },
  { title: 'SOURCE', shrinkTo: 12 },
  { title: 'CHANGED' },
];

/** The list of tasks as a table at most `width` characters wide; times are relative to `now` (ms since the epoch). */
export function renderTaskTable(tasks: readonly Task[], width: number, now: number, style: Style): string {
  if (tasks.length === 0) return 'No tasks.\n';
  const rows = tasks.map((task) => [
    task.name,
    statusOf(task),
    describeWork(task.request),
    describeSource(task.request),
    formatAgo(task.updatedAt, now),
  ]);
  const [heading, ...lines] = renderTable(COLUMNS, rows, width);
  return [style.bold(heading ?? ''), ...lines].map((line) => `${line}\n`).join('');
}

/** The status of a task in ACR's words. */
export function statusOf({ enabled }: Task): 'Enabled' | 'Disabled' {
  return enabled ? 'Enabled' : 'Disabled';
}

/** What a task does, in a few words. */
export function describeWork(request: RunRequest): string {
  switch (request.kind) {
    case 'docker-build': {
      const images = request.images.length === 0 ? 'an image without a name' : request.images.join(', ');
      return `build ${images}`;
    }
    case 'task-file':
      return `run ${request.taskFile}`;
    case 'encoded-task':
      return 'run its own task file';
    default:
      return unreachable(request);
  }
}

/** Where its files come from. */
export function describeSource({ source }: RunRequest): string {
  switch (source.kind) {
    case 'none':
      return '';
    case 'upload':
      return 'an upload';
    case 'git':
    case 'archive':
    case 'oci':
      return shownSource(source);
    default:
      return unreachable(source);
  }
}
