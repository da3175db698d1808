import type { Run } from '../../../task-schemas/index.ts';
import type { Style } from '../style.ts';
import { formatAgo, formatDuration } from './quantity.ts';
import { paintStatus } from './summary.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'RUN' },
  { title: 'STATUS' },
  { title: 'QUEUED' },
  { title: 'TOOK' },
  { title: 'TASK', shrinkTo: 6 },
  { title: 'IMAGES', shrinkTo: 12 },
];

/** The list of runs as a table at most `width` characters wide; times are relative to `now` (ms since the epoch). */
export function renderRunTable(runs: readonly Run[], width: number, now: number, style: Style): string {
  if (runs.length === 0) return 'No runs.\n';
  const rows = runs.map((run) => cells(run, now));
  const [heading, ...lines] = renderTable(COLUMNS, rows, width);
  // Coloured after the widths were measured: the codes have no width on the screen.
  const painted = lines.map((line, index) => {
    const status = runs[index]?.status;
    return status === undefined ? line : line.replace(status, () => paintStatus(status, style));
  });
  return [style.bold(heading ?? ''), ...painted].map((line) => `${line}\n`).join('');
}

function cells(run: Run, now: number): readonly string[] {
  const end = run.finishedAt ?? now;
  const took = run.startedAt === undefined ? '' : formatDuration(end - run.startedAt);
  return [run.id, run.status, formatAgo(run.queuedAt, now), took, taskOf(run), imagesOf(run)];
}

/** What was asked for, in a word or two. */
function taskOf({ taskName, request }: Run): string {
  if (taskName !== undefined) return taskName;
  if (request.kind === 'docker-build') return 'build';
  return request.kind === 'task-file' ? request.taskFile : (request.taskName ?? 'task');
}

function imagesOf(run: Run): string {
  return run.outputImages
    .map(({ repository, tag, digest }) => `${repository}${tag ? `:${tag}` : `@${digest}`}`)
    .join(' ');
}
