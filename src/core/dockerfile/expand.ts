/** Docker's variables and quotes: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+other}`, `${X:?why}`, `"…"`, `'…'`. */

/** A word with its variables filled in and its quotes gone. */
export interface Expansion {
  readonly text: string;
  /** The variables that it cannot do without: those used without a default. */
  readonly names: readonly string[];
  /** Why the word cannot be filled in: a form that is not understood, a `${X:?why}` without a value, or size. */
  readonly problem?: string;
}

/** UTF-16 units. Values made of values grow fast, and no image name comes near this. */
const MAX_LENGTH = 16_384;
/** Defaults within defaults. */
const MAX_DEPTH = 20;

type Lookup = (name: string) => string | undefined;

/**
 * Fills in the variables of a word.
 * @param lookup undefined: the variable has no value, which is not the same as an empty one
 * @param escapeChar the character that takes the meaning from the next one
 */
export function expand(word: string, lookup: Lookup, escapeChar: string): Expansion {
  const state: State = { lookup, escapeChar, names: [], problem: undefined, depth: 0 };
  const text = fill(word, state);
  const names = [...new Set(state.names)];
  return state.problem === undefined ? { text, names } : { text, names, problem: state.problem };
}

interface State {
  readonly lookup: Lookup;
  readonly escapeChar: string;
  readonly names: string[];
  problem: string | undefined;
  depth: number;
}

function fillOperand(word: string, state: State): string {
  if (state.depth >= MAX_DEPTH) {
    state.problem ??= 'defaults stand within defaults too often';
    return '';
  }
  state.depth++;
  const text = fill(word, state);
  state.depth--;
  return text;
}

function fill(word: string, state: State): string {
  let text = '';
  let quote = '';
  for (let at = 0; at < word.length; at++) {
    if (text.length > MAX_LENGTH) {
      state.problem ??= `the text is longer than ${MAX_LENGTH} characters`;
      return '';
    }
    const char = word.charAt(at);
    if (char === quote || (quote === '' && /["']/.test(char))) quote = quote === '' ? char : '';
    else if (quote === "'") text += char;
    else if (char === state.escapeChar && at + 1 < word.length) {
      const next = word.charAt(++at);
      text += quote === '' || /["$]/.test(next) || next === state.escapeChar ? next : char + next;
    } else if (char === '$') {
      const reference = readReference(word, at);
      text += reference === undefined ? char : substitute(reference, state);
      at += reference === undefined ? 0 : reference.length - 1;
    } else text += char;
  }
  return text;
}

/** `$NAME` or `${…}` at an offset, braces balanced; undefined: the `$` is only a character. */
function readReference(word: string, at: number): string | undefined {
  const plain = /^\$[A-Za-z_]\w*/.exec(word.slice(at))?.[0];
  if (plain !== undefined || word.charAt(at + 1) !== '{') return plain;
  let depth = 0;
  for (let end = at + 1; end < word.length; end++) {
    if (word.charAt(end) === '{') depth++;
    else if (word.charAt(end) === '}' && --depth === 0) return word.slice(at, end + 1);
  }
  return word.slice(at);
}

function substitute(reference: string, state: State): string {
  const parts = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([\s\S]*))?\})$/.exec(reference);
  if (parts === null) {
    state.problem ??= `"${reference}" is a form that is not understood`;
    return '';
  }
  const [, plain, braced, operator, operand = ''] = parts;
  const name = plain ?? braced ?? '';
  const value = state.lookup(name);
  if (operator === undefined) {
    state.names.push(name);
    return value ?? '';
  }
  const counts = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('+')) return counts ? fillOperand(operand, state) : '';
  if (counts) return value;
  if (operator.endsWith('-')) return fillOperand(operand, state);
  state.problem ??= `"${name}" has no value: ${fillOperand(operand, state) || 'it must have one'}`;
  return '';
}
