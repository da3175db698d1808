import type { TestRun } from './test-run.ts';

/** What became of one edition. `broken`: its tests did not run at all. */
export type EditionResult = { readonly name: string; readonly seconds: number } & (
  | { readonly kind: 'tested'; readonly version: string; readonly storageDriver: string; readonly tests: TestRun }
  | { readonly kind: 'broken' }
);

/** Whether an edition works: its tests ran, and none failed. No test at all proves nothing. */
export function works(result: EditionResult): boolean {
  if (result.kind === 'broken') return false;
  const { exitCode, counts } = result.tests;
  return exitCode === 0 && counts !== undefined && counts.failed === 0 && counts.passed > 0;
}

const HEAD = ['engine', 'version', 'storage', 'passed', 'failed', 'skipped', 'seconds', ''];

/** The results as a table for a terminal, one line for each edition. */
export function resultTable(results: readonly EditionResult[]): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => align(cell, column, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Words to the left, numbers to the right. The last column is free text. */
function align(cell: string, column: number, width: number): string {
  if (column === HEAD.length - 1) return cell;
  return column < 3 ? cell.padEnd(width) : cell.padStart(width);
}

function cells(result: EditionResult): string[] {
  const seconds = result.seconds.toFixed(0);
  const verdict = works(result) ? 'ok' : 'FAILED';
  if (result.kind === 'broken') return [result.name, '-', '-', '-', '-', '-', seconds, verdict];
  const { counts, exitCode } = result.tests;
  const numbers = counts ? [counts.passed, counts.failed, counts.skipped].map(String) : ['-', '-', '-'];
  const note = counts && counts.failed > 0 ? verdict : exitCode === 0 ? verdict : `${verdict} (exit code ${exitCode})`;
  return [result.name, result.version, result.storageDriver, ...numbers, seconds, note];
}
