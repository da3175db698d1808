import { unreachable } from '../../unreachable.ts';
import type { Budget } from '../budget.ts';
import type { Instruction } from './compile.ts';
import { type Assertion, matchesSet } from './syntax.ts';

/** Where the groups of a match begin and end, in UTF-16 units: start and end of group 0, of group 1, …; -1 if unused. */
export type Slots = readonly number[];

/** One way of matching that is still open: the instruction it waits at and the places it has saved. */
interface Thread {
  readonly at: number;
  readonly slots: Slots;
}

/**
 * Finds the first match from an offset on, preferring what a backtracking engine would find first. All ways are
 * followed side by side, each instruction at most once per character, so the time is at most text times program: no
 * expression can make it explode.
 */
export function findMatch(
  program: readonly Instruction[],
  slotCount: number,
  text: string,
  from: number,
  budget: Budget,
): Slots | undefined {
  const unused: Slots = new Array<number>(slotCount).fill(-1);
  const reached = new Uint32Array(program.length);
  let threads: Thread[] = [];
  let found: Slots | undefined;
  for (let at = from; ; ) {
    const queue = createQueue(program, text, reached, budget);
    for (const thread of threads) queue.add(thread, at);
    if (found === undefined) queue.add({ at: 0, slots: unused }, at);
    const codePoint = text.codePointAt(at);
    const step = advance(program, queue.threads, codePoint);
    found = step.found ?? found;
    threads = step.next;
    if (codePoint === undefined || (threads.length === 0 && found !== undefined)) return found;
    at += codePoint > 0xffff ? 2 : 1;
  }
}

/** Moves every thread over one character; a match ends all threads behind it, which are less preferred. */
function advance(
  program: readonly Instruction[],
  threads: readonly Thread[],
  codePoint: number | undefined,
): { readonly next: Thread[]; readonly found: Slots | undefined } {
  const next: Thread[] = [];
  for (const thread of threads) {
    const instruction = program[thread.at];
    if (instruction?.kind === 'match') return { next, found: thread.slots };
    if (instruction?.kind === 'set' && codePoint !== undefined && matchesSet(instruction.set, codePoint)) {
      next.push({ at: thread.at + 1, slots: thread.slots });
    }
  }
  return { next, found: undefined };
}

interface Queue {
  readonly threads: Thread[];
  /** Follows a thread up to the instructions that read a character, in order of preference. */
  add(thread: Thread, position: number): void;
}

/** `reached` holds for each instruction the last position, counted from 1, at which a thread came to it. */
function createQueue(program: readonly Instruction[], text: string, reached: Uint32Array, budget: Budget): Queue {
  const threads: Thread[] = [];
  return {
    threads,
    add(first, position) {
      const waiting: Thread[] = [first];
      for (let thread = waiting.pop(); thread !== undefined; thread = waiting.pop()) {
        if (reached[thread.at] === position + 1) continue;
        reached[thread.at] = position + 1;
        budget.spend(0.25);
        const instruction = program[thread.at];
        if (instruction === undefined) continue;
        follow(instruction, thread, position);
      }
      function follow(instruction: Instruction, { at, slots }: Thread, place: number): void {
        switch (instruction.kind) {
          case 'set':
          case 'match':
            threads.push({ at, slots });
            return;
          case 'jump':
            waiting.push({ at: instruction.next, slots });
            return;
          case 'split':
            waiting.push({ at: instruction.second, slots }, { at: instruction.first, slots });
            return;
          case 'save':
            // The places are copied: an expression of a thousand groups would else take a thousand times as long.
            budget.spend(slots.length / 64);
            waiting.push({ at: at + 1, slots: slots.with(instruction.slot, place) });
            return;
          case 'assert':
            if (holds(instruction.assertion, text, place)) waiting.push({ at: at + 1, slots });
            return;
          default:
            unreachable(instruction);
        }
      }
    },
  };
}

function holds(assertion: Assertion, text: string, at: number): boolean {
  switch (assertion) {
    case 'text-start':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'line-start':
      return at === 0 || text.charAt(at - 1) === '\n';
    case 'line-end':
      return at === text.length || text.charAt(at) === '\n';
    case 'word-edge':
      return isWordEdge(text, at);
    case 'no-word-edge':
      return !isWordEdge(text, at);
    default:
      return unreachable(assertion);
  }
}

function isWordEdge(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at - 1)) !== /\w/.test(text.charAt(at));
}
