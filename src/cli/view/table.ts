/** A column of a table: its heading and how narrow it may become (characters) when the terminal is small. */
export interface Column {
  readonly title: string;
  /** Absent: the column is never cut. */
  readonly shrinkTo?: number;
}

/**
 * The lines of a table, heading first, at most `width` characters each as far as the columns that may shrink allow it:
 * what does not fit is cut with `…`. Two spaces stand between columns.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const widths = fit(columns, naturalWidths(columns, rows), width);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cut(cell, widths[index] ?? 0).padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)];
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map((column, index) => Math.max(column.title.length, ...rows.map((row) => row[index]?.length ?? 0)));
}

function fit(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, 2 * (columns.length - 1)) - width;
  // The widest column that still may shrink gives way first, so that narrow ones stay readable.
  while (excess > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const own = widths[index] ?? 0;
      if (column.shrinkTo !== undefined && own > column.shrinkTo && own > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
