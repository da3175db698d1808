import { didYouMeanHint } from '../../did-you-mean.ts';
import { excerpt } from '../excerpt.ts';
import { TemplateMistake } from '../mistake.ts';
import { REFUSED } from './refused.ts';
import { FUNCTIONS } from './table.ts';

/** The mistake in using a name as a function, or undefined when it is one that a task file may use. */
export function checkFunctionName(name: string): TemplateMistake | undefined {
  if (FUNCTIONS.has(name) || name === 'and' || name === 'or') return undefined;
  const refusal = REFUSED.get(name);
  if (refusal !== undefined) {
    return new TemplateMistake('template-refused-function', `The function ${name} is refused: ${refusal.reason}`, {
      hint: refusal.cure,
    });
  }
  const hint =
    didYouMeanHint(name, [...FUNCTIONS.keys(), 'and', 'or']) ??
    'Task files know the functions of Go templates and of sprig 2.22.';
  return new TemplateMistake('template-unknown-function', `There is no function "${excerpt(name)}".`, { hint });
}
