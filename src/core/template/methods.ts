import type { TemplateFunction } from './functions/signature.ts';
import type { GoValue } from './value.ts';

/** The method of a value with its receiver bound, or undefined when there is no such method. */
export function methodOf(_receiver: GoValue, _name: string): TemplateFunction | undefined {
  return undefined;
}
