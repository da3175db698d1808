import type { Diagnostic } from '../../task-schemas/index.ts';
import { renderDiagnostic } from '../core/diagnostic.ts';
import { createStyle, type Style } from './style.ts';
import type { Output, Terminal } from './terminal.ts';

/**
 * What a command prints to. Results go to standard output, everything said along the way to standard error. A status
 * line, if there is one, stays the last line of the terminal: whatever is printed appears above it.
 */
export interface Screen {
  readonly outStyle: Style;
  readonly errStyle: Style;
  /** Writes text to standard output; resolves when it was taken, so that a slow reader slows the writer down. */
  out(text: string | Uint8Array): Promise<void>;
  /** Writes text to standard error, like `out`. */
  err(text: string): Promise<void>;
  /** Writes one line about what happens to standard error. */
  note(line: string): Promise<void>;
  /** Writes diagnostics to standard error. */
  report(diagnostics: readonly Diagnostic[]): Promise<void>;
  /**
   * Shows, replaces or (undefined) removes the status line: plain text, cut to the width of the terminal, since a line
   * that wraps cannot be erased. Does nothing when standard error is no terminal.
   */
  status(line: string | undefined): void;
}

const ERASE_LINE = '\r\u001b[K';

/** Makes the screen of a terminal; one per process, since it remembers the status line. */
export function createScreen({ stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>): Screen {
  const errStyle = createStyle(stderr.colours);
  let shown: string | undefined;

  const write = async (output: Output, text: string | Uint8Array): Promise<void> => {
    const covered = shown !== undefined && output.isTerminal;
    if (covered) stderr.stream.write(ERASE_LINE);
    await writeFully(output, text);
    // The status may have changed while a slow reader was waited for.
    if (covered && shown !== undefined) stderr.stream.write(ERASE_LINE + shown);
  };
  const err = (text: string) => write(stderr, text);
  return {
    outStyle: createStyle(stdout.colours),
    errStyle,
    out: (text) => write(stdout, text),
    err,
    note: (line) => err(`${line}\n`),
    report: (diagnostics) => err(diagnostics.map((each) => `${showDiagnostic(each, errStyle)}\n`).join('')),
    status(line) {
      const cut = line?.slice(0, Math.max(0, stderr.columns() - 1));
      if (!stderr.isTerminal || cut === shown) return;
      shown = cut;
      stderr.stream.write(ERASE_LINE + (cut ?? ''));
    },
  };
}

/** A diagnostic as text with its severity in colour. */
export function showDiagnostic(diagnostic: Diagnostic, style: Style): string {
  const paint = diagnostic.severity === 'error' ? style.bad : style.warn;
  return renderDiagnostic(diagnostic).replace(`${diagnostic.severity}:`, () => paint(`${diagnostic.severity}:`));
}

/** Resolves also when the reader is gone: `stdoutGone` tells about that, and what was to be done goes on. */
async function writeFully({ stream }: Output, text: string | Uint8Array): Promise<void> {
  if (text.length === 0 || stream.destroyed) return;
  await new Promise<void>((resolve) => stream.write(text, () => resolve()));
}
