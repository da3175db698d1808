/** The environment of a task and of its steps (reference, section 1.4); what is wrong with it is told at its place. */
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import type { Findings } from '../task-file/findings.ts';
import type { ReadTask } from '../task-file/parse.ts';
import type { ReadStep } from '../task-file/read-step.ts';
import type { Span } from '../task-file/source-text.ts';
import { mergeEnvironment } from './environment.ts';

/** KEY=VALUE for every step: the task's own over the defaults. */
export function taskEnvironment(task: ReadTask, defaults: readonly string[], findings: Findings): readonly string[] {
  const own = task.env ?? [];
  const merged = mergeEnvironment(own, defaults);
  const wrong = own.findIndex((entry) => entry.split(',').some((piece) => piece.indexOf('=') < 1));
  if (wrong >= 0) {
    const span = task.fields.get(`env.${wrong}`) ?? { start: 0, end: 0 };
    const hint =
      'Write KEY=VALUE. At the task, commas separate variables; a value with a comma belongs to the env of a step.';
    findings.error('env-invalid', span, `"${own[wrong]}" is not a list of KEY=VALUE`, hint);
    return [];
  }
  // A mistake in the defaults is not one of the file: `defaultMistakes` tells of it.
  return merged.kind === 'merged' ? repeatable(merged.env, task, findings) : [];
}

/** What is wrong with default variables, of which commas separate several; it belongs to no place of the file. */
export function defaultMistakes(env: readonly string[]): readonly Diagnostic[] {
  return env.flatMap((entry) =>
    entry
      .split(',')
      .filter((piece) => !piece.includes('='))
      .map((piece) =>
        plainError('env-invalid', `The default variable "${piece}" has no =${inEntry(piece, entry)}`, PAIRS),
      ),
  );
}

const PAIRS = 'Write KEY=VALUE. Commas separate variables here; a value with a comma belongs to the env of a step.';

function inEntry(piece: string, entry: string): string {
  return piece === entry ? '' : ` in "${entry}"`;
}

/** The characters that the variables of a task may have in all its steps together: each step of a plan holds them. */
const MAX_REPEATED = 8 * 1024 * 1024;

function repeatable(env: readonly string[], task: ReadTask, findings: Findings): readonly string[] {
  const length = env.reduce((sum, variable) => sum + variable.length, 0) * task.steps.length;
  if (length <= MAX_REPEATED) return env;
  const span = task.fields.get('env') ?? { start: 0, end: 0 };
  const message = `The variables of the task, repeated in its ${task.steps.length} steps, have ${length} characters`;
  findings.error('env-too-large', span, message, 'Set them at the steps that need them, or put them into a file.');
  return [];
}

/** KEY=VALUE of one step: its own over the task's. A push step has none. */
export function stepEnvironment(
  entry: ReadStep & { readonly kind: 'step' },
  inherited: readonly string[],
  findings: Findings,
): readonly string[] {
  if (entry.step.kind === 'push') return [];
  const own = entry.step.env ?? [];
  const span = (index: number): Span => entry.places.fields.get(`env.${index}`) ?? entry.places.whole;
  const merged = mergeEnvironment(own, inherited);
  if (merged.kind === 'invalid') {
    findings.error('env-invalid', span(merged.index), `"${merged.piece}" has no =`, 'Write KEY=VALUE.');
    return [];
  }
  own.forEach((variable, index) => {
    if (variable.startsWith('='))
      findings.error('env-invalid', span(index), `"${variable}" has no name before the =`, 'Write KEY=VALUE.');
    if (variable.includes('=')) return;
    const message = `"${variable}" has no value: the container does not get this variable`;
    findings.warning('env-without-value', span(index), message, `Write ${variable}=VALUE.`);
  });
  return merged.env;
}
