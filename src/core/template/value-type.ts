import { unreachable } from '../unreachable.ts';
import { isGoValue, type TemplateValue } from './value.ts';

/** The name of a value's Go type, as `%T` and `typeOf` print it. */
export function typeName(value: TemplateValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (Array.isArray(value)) return '[]interface {}';
  if (!isGoValue(value)) return 'map[string]interface {}';
  switch (value.kind) {
    case 'integer':
    case 'named-integer':
      return value.type;
    case 'typed-list':
      return `[]${value.element}`;
    case 'string-map':
      return 'map[string]string';
    case 'time':
      return 'time.Time';
    case 'semver':
      return '*semver.Version';
    default:
      return unreachable(value);
  }
}

/** The name of a value's Go kind, as `kindOf` prints it. */
export function kindName(value: TemplateValue): string {
  if (value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (!isGoValue(value)) return value instanceof Map ? 'map' : typeName(value);
  switch (value.kind) {
    case 'integer':
      return value.type;
    case 'named-integer':
      return 'int';
    case 'typed-list':
      return 'slice';
    case 'string-map':
      return 'map';
    case 'time':
      return 'struct';
    case 'semver':
      return 'ptr';
    default:
      return unreachable(value);
  }
}

/** What a value is, in words for a message: `a string`, `nothing`, … */
export function describeType(value: TemplateValue | undefined): string {
  if (value === null || value === undefined) return 'nothing (the value is missing)';
  switch (kindName(value)) {
    case 'string':
      return 'a string';
    case 'bool':
      return 'a bool';
    case 'int':
      return 'an int';
    case 'slice':
      return 'a list';
    case 'map':
      return 'a mapping';
    case 'int64':
      return 'an int64';
    default:
      return `a ${typeName(value)}`;
  }
}

/** Go's truth: false for nil, false, 0, and empty strings, lists and mappings; times and versions are true. */
export function isTrue(value: TemplateValue | undefined): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (!isGoValue(value)) return value.size > 0;
  switch (value.kind) {
    case 'integer':
    case 'named-integer':
      return value.value !== 0n;
    case 'typed-list':
      return value.items.length > 0;
    case 'string-map':
      return value.entries.size > 0;
    case 'time':
    case 'semver':
      return true;
    default:
      return unreachable(value);
  }
}
