import { formatValue } from '../go-format.ts';
import { execMistake } from '../mistake.ts';
import { atoi, toFloat64, toInt64 } from '../to-number.ts';
import { int64, type TemplateValue, type TypedList } from '../value.ts';
import { type CallContext, type FunctionTable, fixed, type TemplateFunction, variadic } from './signature.ts';

const maximum = variadic(['any'], 'any', ([first], more) => int64(extreme(first, more, (left, right) => left > right)));

/** Sprig's numbers. Everything is turned into int64 (text too, 0 if it is no number); results are int64 or float64. */
export const MATH: FunctionTable = new Map<string, TemplateFunction>([
  [
    'add',
    variadic([], 'any', (_none, values) => int64(values.reduce<bigint>((sum, value) => sum + toInt64(value), 0n))),
  ],
  ['add1', fixed(['any'], ([value]) => int64(toInt64(value) + 1n))],
  ['sub', fixed(['any', 'any'], ([left, right]) => int64(toInt64(left) - toInt64(right)))],
  [
    'mul',
    variadic(['any'], 'any', ([first], more) =>
      int64(more.reduce<bigint>((product, value) => BigInt.asIntN(64, product * toInt64(value)), toInt64(first))),
    ),
  ],
  ['div', fixed(['any', 'any'], ([left, right]) => int64(toInt64(left) / divisor('div', right)))],
  ['mod', fixed(['any', 'any'], ([left, right]) => int64(toInt64(left) % divisor('mod', right)))],
  ['max', maximum],
  ['biggest', maximum],
  ['min', variadic(['any'], 'any', ([first], more) => int64(extreme(first, more, (left, right) => left < right)))],
  ['floor', fixed(['any'], ([value]) => Math.floor(toFloat64(value)))],
  ['ceil', fixed(['any'], ([value]) => Math.ceil(toFloat64(value)))],
  [
    'round',
    variadic(['any', 'int'], 'float', ([value, places], [roundOn]) =>
      round(toFloat64(value), Number(places), roundOn ?? 0.5),
    ),
  ],
  ['int', fixed(['any'], ([value]) => toInt64(value))],
  ['int64', fixed(['any'], ([value]) => int64(toInt64(value)))],
  ['float64', fixed(['any'], ([value]) => toFloat64(value))],
  ['atoi', fixed(['string'], ([text]) => atoi(text))],
  ['toDecimal', fixed(['any'], ([value], { budget }) => int64(fromOctal(formatValue(value, budget))))],
  ['until', fixed(['int'], ([count], context) => untilStep(0n, count, count < 0n ? -1n : 1n, context))],
  ['untilStep', fixed(['int', 'int', 'int'], ([start, stop, step], context) => untilStep(start, stop, step, context))],
]);

function divisor(name: string, value: TemplateValue): bigint {
  const number = toInt64(value);
  if (number === 0n) throw execMistake(`${name} cannot divide by zero.`, 'Text that is no number counts as zero, too.');
  return number;
}

function extreme(
  first: TemplateValue,
  more: readonly TemplateValue[],
  isBetter: (left: bigint, right: bigint) => boolean,
): bigint {
  return more.reduce<bigint>((best, value) => (isBetter(toInt64(value), best) ? toInt64(value) : best), toInt64(first));
}

/** Sprig rounds the absolute scale only: a negative number's fraction is never at least `roundOn`, so it goes down. */
function round(value: number, places: number, roundOn: number): number {
  const scale = 10 ** places;
  const scaled = scale * value;
  const fraction = scaled - Math.trunc(scaled);
  return (fraction >= roundOn ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
}

/** Unix file modes and the like: digits read as octal; 0 if they are not. */
function fromOctal(text: string): bigint {
  if (!/^[+-]?[0-7]{1,30}$/.test(text)) return 0n;
  const magnitude = BigInt(`0o${text.replace(/^[+-]/, '')}`);
  if (magnitude >= 2n ** 63n) return 0n;
  return text.startsWith('-') ? -magnitude : magnitude;
}

function untilStep(start: bigint, stop: bigint, step: bigint, { budget }: CallContext): TypedList {
  const items: bigint[] = [];
  const isUpward = stop >= start;
  if (step === 0n || isUpward !== step > 0n) return { kind: 'typed-list', element: 'int', items };
  budget.spend(Number((stop - start) / step));
  for (let at = start; isUpward ? at < stop : at > stop; at += step) items.push(at);
  return { kind: 'typed-list', element: 'int', items };
}
