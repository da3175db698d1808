import { BUILTINS } from './builtins.ts';
import { COMPARISONS } from './comparison.ts';
import { DATES } from './dates.ts';
import { DEFAULTS } from './defaults.ts';
import { DICTS } from './dicts.ts';
import { ENCODING } from './encoding.ts';
import { ESCAPES } from './escapes.ts';
import { HASHES } from './hashes.ts';
import { LISTS } from './lists.ts';
import { MATH } from './math.ts';
import { PATHS } from './paths.ts';
import { PATTERNS } from './patterns.ts';
import { REFLECTION } from './reflection.ts';
import type { FunctionTable } from './signature.ts';
import { STRINGS } from './strings.ts';
import { TEXT_LISTS } from './text-lists.ts';
import { URLS } from './urls.ts';
import { VERSIONS } from './versions.ts';

/** Every function of a template but `and` and `or`, which the evaluator knows. Where sprig and Go share a name, sprig wins. */
export const FUNCTIONS: FunctionTable = new Map([
  ...BUILTINS,
  ...COMPARISONS,
  ...DATES,
  ...DEFAULTS,
  ...DICTS,
  ...ENCODING,
  ...ESCAPES,
  ...HASHES,
  ...LISTS,
  ...MATH,
  ...PATHS,
  ...PATTERNS,
  ...REFLECTION,
  ...STRINGS,
  ...TEXT_LISTS,
  ...URLS,
  ...VERSIONS,
]);
