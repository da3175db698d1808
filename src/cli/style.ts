import { styleText } from 'node:util';

/** The few looks that messages have. Each takes plain text and gives it back styled, or as it is without colours. */
export interface Style {
  dim(text: string): string;
  bold(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  /** One of a few well readable colours; the same index always gives the same one. */
  tint(index: number, text: string): string;
}

type Format = Parameters<typeof styleText>[0];

const TINTS = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'cyanBright', 'magentaBright', 'blueBright'] as const;

/** Makes the looks, with or without colours. */
export function createStyle(colours: boolean): Style {
  // Whether to colour was decided by `usesColours`; styleText must not ask the process again.
  const look = (format: Format) => (text: string) =>
    colours && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    dim: look('dim'),
    bold: look('bold'),
    good: look('green'),
    bad: look('red'),
    warn: look('yellow'),
    tint: (index, text) => look(TINTS[index % TINTS.length] ?? 'cyan')(text),
  };
}

/**
 * Whether a stream gets colours: FORCE_COLOR decides when it is set (0 and false mean no), then NO_COLOR (set and not
 * empty means no, https://no-color.org), then whether it is a terminal that can show them.
 */
export function usesColours(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}
