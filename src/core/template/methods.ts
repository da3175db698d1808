import { unreachable } from '../unreachable.ts';
import { type FunctionTable, fixed, type TemplateFunction } from './functions/signature.ts';
import { formatVersion } from './go-format.ts';
import { timeMethods } from './time-methods.ts';
import { type GoValue, int64 } from './value.ts';

/** The method of a value with its receiver bound, or undefined when there is no such method. */
export function methodOf(receiver: GoValue, name: string): TemplateFunction | undefined {
  return methodsOf(receiver).get(name);
}

function methodsOf(receiver: GoValue): FunctionTable {
  switch (receiver.kind) {
    case 'time':
      return timeMethods(receiver);
    case 'named-integer':
      return new Map([['String', fixed([], () => receiver.name)]]);
    case 'semver':
      return new Map([
        ['Major', fixed([], () => int64(receiver.major))],
        ['Minor', fixed([], () => int64(receiver.minor))],
        ['Patch', fixed([], () => int64(receiver.patch))],
        ['Prerelease', fixed([], () => receiver.prerelease)],
        ['Metadata', fixed([], () => receiver.metadata)],
        ['Original', fixed([], () => receiver.original)],
        ['String', fixed([], () => formatVersion(receiver))],
      ]);
    case 'integer':
    case 'typed-list':
    case 'string-map':
      return new Map();
    default:
      return unreachable(receiver);
  }
}
