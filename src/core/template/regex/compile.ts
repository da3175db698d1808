import { unreachable } from '../../unreachable.ts';
import { execMistake } from '../mistake.ts';
import type { Assertion, CharacterSet, Pattern } from './syntax.ts';

/** A step of the matching machine. `next` fields are positions in the program; a split tries `first` before `second`. */
export type Instruction =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'save'; readonly slot: number }
  | { kind: 'jump'; next: number }
  | { kind: 'split'; first: number; second: number }
  | { readonly kind: 'match' };

/** Largest program; `{n}` copies what it repeats. */
const MAX_INSTRUCTIONS = 5000;

/** Turns an expression into a program. Every character that is read takes time in proportion to its length at most. */
export function compilePattern(pattern: Pattern): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(program, { kind: 'save', slot: 0 });
  compile(program, pattern);
  emit(program, { kind: 'save', slot: 1 });
  emit(program, { kind: 'match' });
  return program;
}

function emit<I extends Instruction>(program: Instruction[], instruction: I): I {
  if (program.length >= MAX_INSTRUCTIONS)
    throw execMistake('The regular expression is too large.', 'Use smaller repetition counts.');
  program.push(instruction);
  return instruction;
}

function compile(program: Instruction[], pattern: Pattern): void {
  switch (pattern.kind) {
    case 'empty':
      return;
    case 'set':
      emit(program, { kind: 'set', set: pattern.set });
      return;
    case 'assert':
      emit(program, { kind: 'assert', assertion: pattern.assertion });
      return;
    case 'group':
      emit(program, { kind: 'save', slot: pattern.index * 2 });
      compile(program, pattern.inner);
      emit(program, { kind: 'save', slot: pattern.index * 2 + 1 });
      return;
    case 'sequence':
      for (const item of pattern.items) compile(program, item);
      return;
    case 'choice':
      compileChoice(program, pattern.options);
      return;
    case 'repeat':
      compileRepeat(program, pattern);
      return;
    default:
      unreachable(pattern);
  }
}

function compileChoice(program: Instruction[], options: readonly Pattern[]): void {
  const ends: Extract<Instruction, { kind: 'jump' }>[] = [];
  for (const [index, option] of options.entries()) {
    if (index === options.length - 1) compile(program, option);
    else {
      const split = emit(program, { kind: 'split', first: program.length + 1, second: 0 });
      compile(program, option);
      ends.push(emit(program, { kind: 'jump', next: 0 }));
      split.second = program.length;
    }
  }
  for (const end of ends) end.next = program.length;
}

function compileRepeat(program: Instruction[], repeat: Extract<Pattern, { kind: 'repeat' }>): void {
  for (let count = 0; count < repeat.min; count++) compile(program, repeat.inner);
  if (repeat.max === undefined) compileLoop(program, repeat);
  else compileOptional(program, repeat, repeat.max - repeat.min);
}

function compileLoop(program: Instruction[], { inner, greedy }: Extract<Pattern, { kind: 'repeat' }>): void {
  const start = program.length;
  const split = emit(program, { kind: 'split', first: 0, second: 0 });
  compile(program, inner);
  emit(program, { kind: 'jump', next: start });
  aim(split, greedy, start + 1, program.length);
}

/** Up to `count` further copies, each of which may be the last. */
function compileOptional(
  program: Instruction[],
  { inner, greedy }: Extract<Pattern, { kind: 'repeat' }>,
  count: number,
): void {
  const splits: { readonly split: Extract<Instruction, { kind: 'split' }>; readonly inside: number }[] = [];
  for (let index = 0; index < count; index++) {
    const split = emit(program, { kind: 'split', first: 0, second: 0 });
    splits.push({ split, inside: program.length });
    compile(program, inner);
  }
  for (const { split, inside } of splits) aim(split, greedy, inside, program.length);
}

function aim(split: Extract<Instruction, { kind: 'split' }>, greedy: boolean, inside: number, after: number): void {
  split.first = greedy ? inside : after;
  split.second = greedy ? after : inside;
}
