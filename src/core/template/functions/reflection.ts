import { kindName, typeName } from '../value-type.ts';
import { type FunctionTable, fixed } from './signature.ts';

/** Sprig's questions about types, in Go's names. */
export const REFLECTION: FunctionTable = new Map([
  ['typeOf', fixed(['any'], ([value]) => typeName(value))],
  ['typeIs', fixed(['string', 'any'], ([name, value]) => name === typeName(value))],
  [
    'typeIsLike',
    fixed(['string', 'any'], ([name, value]) => name === typeName(value) || `*${name}` === typeName(value)),
  ],
  ['kindOf', fixed(['any'], ([value]) => kindName(value))],
  ['kindIs', fixed(['string', 'any'], ([name, value]) => name === kindName(value))],
]);
