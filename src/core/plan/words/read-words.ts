import type { TextFindings } from '../../task-file/text-findings.ts';
import { unreachable } from '../../unreachable.ts';
import { splitWords, type Word } from './shell-words.ts';

/**
 * Splits a text into words; undefined when it needs a shell (`shell-operator`) or has an open quote (`open-quote`).
 * @param cure what to do instead of the operator at a position
 */
export function readWords(
  text: string,
  report: TextFindings,
  cure: (at: number) => string,
): readonly Word[] | undefined {
  const split = splitWords(text);
  switch (split.kind) {
    case 'words':
      return split.words;
    case 'operator': {
      const { operator, at } = split;
      const end = operator === 'newline' ? lineEnd(text, at) : at + operator.length;
      report.error('shell-operator', at, end, messageFor(operator), cure(at));
      return undefined;
    }
    case 'open-quote': {
      const message = `The quote ${split.quote} is opened here and never closed`;
      report.error(
        'open-quote',
        split.at,
        split.at + 1,
        message,
        `Close it, or write \\${split.quote} if you mean the character.`,
      );
      return undefined;
    }
    default:
      return unreachable(split);
  }
}

function messageFor(operator: string): string {
  if (operator === 'newline') return 'This is one command, but a second line follows';
  return `"${operator}" needs a shell, and none runs on the worker`;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
