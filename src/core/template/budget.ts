import { TemplateMistake } from './mistake.ts';

/** How much one render may use. */
export interface TemplateLimits {
  /** Longest template, in characters. */
  readonly textLength: number;
  /** Work units: one per node, call or visited value, and one per 32 characters made or read. */
  readonly steps: number;
  /** Longest output, in characters. */
  readonly outputLength: number;
  /** Longest string that a function may make, in characters. */
  readonly valueLength: number;
  /** Deepest nesting of actions, calls and values. */
  readonly depth: number;
}

/** Far above what a task file needs, and well under a second and 200 MB. */
export const DEFAULT_LIMITS: TemplateLimits = {
  textLength: 1024 * 1024,
  steps: 1_000_000,
  outputLength: 4 * 1024 * 1024,
  valueLength: 1024 * 1024,
  depth: 200,
};

/** Counts what one render has used; each method ends the render with a mistake when a limit is passed. */
export interface Budget {
  readonly limits: TemplateLimits;
  /** Counts work units. */
  spend(units: number): void;
  /** Counts a string of so many characters before it is made. */
  spendText(length: number): void;
  /** Runs something one level deeper. */
  deeper<T>(run: () => T): T;
}

/** A fresh budget. */
export function createBudget(limits: TemplateLimits): Budget {
  let left = limits.steps;
  let depth = 0;
  const spend = (units: number): void => {
    left -= units;
    if (left < 0 || Number.isNaN(left)) throw tooMuch(`The template takes more than ${limits.steps} steps.`);
  };
  return {
    limits,
    spend,
    spendText(length) {
      if (length > limits.valueLength)
        throw tooMuch(`The template makes a text longer than ${limits.valueLength} characters.`);
      spend(Math.ceil(length / 32));
    },
    deeper(run) {
      if (depth >= limits.depth) throw tooMuch(`The template is nested deeper than ${limits.depth} levels.`);
      depth++;
      try {
        return run();
      } finally {
        depth--;
      }
    },
  };
}

function tooMuch(message: string): TemplateMistake {
  return new TemplateMistake('template-limit', message, {
    hint: 'Look for a range over too many items, a template that calls itself, or a text that is repeated.',
  });
}
