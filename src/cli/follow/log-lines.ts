import type { LogChunk } from '../../../task-schemas/index.ts';
import type { Style } from '../style.ts';
import { harmless } from './harmless.ts';

/** How a log is shown: what the stream can do, and the looks. */
export interface LogLook {
  readonly isTerminal: boolean;
  readonly colours: boolean;
  readonly style: Style;
}

/** Turns chunks into text to print. Remembers which colour a step has, so make one per run. */
export interface LogPrinter {
  /** The chunk's lines, each with a line end. */
  print(chunk: LogChunk): string;
}

/** Makes a printer: lines about the run are dim, lines of a step begin with `[step]` in the step's colour. */
export function createLogPrinter(look: LogLook): LogPrinter {
  const tints = new Map<string, number>();
  const prefixOf = (step: string) => {
    const tint = tints.get(step) ?? tints.size;
    tints.set(step, tint);
    return look.style.tint(tint, `[${safeName(step, look)}]`);
  };
  return {
    print(chunk) {
      const prefix = chunk.step === undefined ? '' : `${prefixOf(chunk.step)} `;
      return chunk.text
        .split('\n')
        .map((line) => `${prefix}${showLine(line, chunk, look)}`.trimEnd())
        .map((line) => `${line}\n`)
        .join('');
    },
  };
}

function showLine(line: string, chunk: LogChunk, look: LogLook): string {
  const safe = look.isTerminal ? harmless(line, look.colours) : line;
  return chunk.stream === 'engine' ? look.style.dim(safe) : safe;
}

function safeName(step: string, look: LogLook): string {
  return look.isTerminal ? harmless(step, false) : step;
}
