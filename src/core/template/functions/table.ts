import { BUILTINS } from './builtins.ts';
import { COMPARISONS } from './comparison.ts';
import { DEFAULTS } from './defaults.ts';
import { DICTS } from './dicts.ts';
import { ENCODING } from './encoding.ts';
import { ESCAPES } from './escapes.ts';
import { HASHES } from './hashes.ts';
import { LISTS } from './lists.ts';
import { MATH } from './math.ts';
import { REFLECTION } from './reflection.ts';
import type { FunctionTable } from './signature.ts';
import { STRINGS } from './strings.ts';
import { TEXT_LISTS } from './text-lists.ts';

/** Every function of a template but `and` and `or`, which the evaluator knows. Where sprig and Go share a name, sprig wins. */
export const FUNCTIONS: FunctionTable = new Map([
  ...BUILTINS,
  ...COMPARISONS,
  ...DEFAULTS,
  ...DICTS,
  ...ENCODING,
  ...ESCAPES,
  ...HASHES,
  ...LISTS,
  ...MATH,
  ...REFLECTION,
  ...STRINGS,
  ...TEXT_LISTS,
]);
