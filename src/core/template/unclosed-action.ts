import { TemplateMistake } from './mistake.ts';
import type { Token } from './token.ts';

/**
 * The mistake of an action that was not closed on its line and so took in what stands below: undefined when the action
 * round a mistake in the syntax is a different one. Actions over several lines are fine, so the lines below must look
 * like more of the file: another action, or a key or dash of YAML.
 */
export function findUnclosedAction(
  tokens: readonly Token[],
  text: string,
  mistake: TemplateMistake,
): TemplateMistake | undefined {
  const at = mistake.span?.at;
  const start = tokens.findLast((token) => token.kind === 'left-delim' && at !== undefined && token.at <= at);
  if (start === undefined) return undefined;
  const close = text.indexOf('}}', start.end);
  const lineEnd = text.indexOf('\n', start.at);
  if (close >= 0 && (lineEnd < 0 || close < lineEnd)) return undefined;
  const below = lineEnd < 0 ? '' : text.slice(lineEnd, close < 0 ? undefined : close);
  if (close >= 0 && !/\{\{|\n[ \t]*(?:-[ \t]|[\w.-]+:\s)/.test(below)) return undefined;
  const line = text.slice(start.at, lineEnd < 0 ? undefined : lineEnd).trimEnd();
  return new TemplateMistake('template-parse', 'This action is not closed with "}}".', {
    hint: 'Write }} where it ends.',
    span: { at: start.at, end: start.at + line.length },
  });
}
