/**
 * What a plain YAML scalar means, by the rules of YAML 1.1 as go-yaml v2 applies them (reference, section 1): octal
 * with a leading 0, yes/no/on/off as booleans, no sexagesimal numbers, dates stay text.
 */

/** The meaning of a plain scalar; integers keep full precision. */
export type ScalarMeaning =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUES = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSES = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const INFINITIES = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGERS: readonly (readonly [RegExp, string])[] = [
  [/^[-+]?0[xX][0-9a-fA-F]+$/, '0x'],
  [/^[-+]?0[bB][01]+$/, '0b'],
  [/^[-+]?0[oO]?[0-7]+$/, '0o'],
  [/^[-+]?(?:0|[1-9][0-9]*)$/, ''],
];

/** A scalar as it is written: its text without quotes, whether it had none, and the tag before it, such as `!!int`. */
export interface WrittenScalar {
  readonly text: string;
  readonly isPlain: boolean;
  readonly tag: string | undefined;
}

const STANDARD_TAG = 'tag:yaml.org,2002:';

/**
 * What a scalar means: by its tag, else what a plain one says; quoted ones are texts, and so is what has a tag of its
 * own. Undefined when the text is not what its tag says.
 */
export function readScalar({ text, isPlain, tag }: WrittenScalar): ScalarMeaning | undefined {
  if (tag === undefined) return isPlain ? readPlainScalar(text) : { kind: 'string', value: text };
  switch (tag.startsWith(STANDARD_TAG) ? tag.slice(STANDARD_TAG.length) : '') {
    case 'null':
      return ofKind(text, 'null');
    case 'bool':
      return ofKind(text, 'boolean');
    case 'int':
      return ofKind(text, 'integer');
    case 'float':
      return toFloat(readPlainScalar(text));
    case 'binary':
      return readBinary(text);
    default:
      return { kind: 'string', value: text };
  }
}

function ofKind(text: string, kind: ScalarMeaning['kind']): ScalarMeaning | undefined {
  const meaning = readPlainScalar(text);
  return meaning.kind === kind ? meaning : undefined;
}

function toFloat(meaning: ScalarMeaning): ScalarMeaning | undefined {
  if (meaning.kind === 'integer') return { kind: 'float', value: Number(meaning.value) };
  return meaning.kind === 'float' ? meaning : undefined;
}

/** Base 64 with all its padding; line ends in it count for nothing. */
function readBinary(text: string): ScalarMeaning | undefined {
  const digits = text.replace(/[\r\n]/g, '');
  const isBase64 = digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
  return isBase64 ? { kind: 'string', value: Buffer.from(digits, 'base64').toString() } : undefined;
}

/** Reads the text of a plain scalar. */
export function readPlainScalar(text: string): ScalarMeaning {
  if (NULLS.has(text)) return { kind: 'null' };
  if (TRUES.has(text)) return { kind: 'boolean', value: true };
  if (FALSES.has(text)) return { kind: 'boolean', value: false };
  if (!/^[-+.0-9]/.test(text)) return { kind: 'string', value: text };
  return readNumber(text) ?? { kind: 'string', value: text };
}

function readNumber(text: string): ScalarMeaning | undefined {
  const digits = text.replaceAll('_', '');
  const integer = readInteger(digits);
  if (integer !== undefined) return { kind: 'integer', value: integer };
  if (FLOAT.test(digits)) return readFloat(Number.parseFloat(digits));
  if (NOT_A_NUMBER.test(text)) return { kind: 'float', value: Number.NaN };
  if (!INFINITIES.test(text)) return undefined;
  return { kind: 'float', value: text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
}

/** What is too large for a float is a text, as in Go. */
function readFloat(value: number): ScalarMeaning | undefined {
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

/** Integers beyond 64 bits are floats, as in Go. */
function readInteger(digits: string): bigint | undefined {
  const form = INTEGERS.find(([pattern]) => pattern.test(digits));
  if (form === undefined || digits.length > 70) return undefined;
  const bare = digits.replace(/^[-+]/, '').replace(form[1] === '0o' ? /^0[oO]?/ : /^0[xXbB]/, '');
  const magnitude = BigInt(form[1] + bare);
  const value = digits.startsWith('-') ? -magnitude : magnitude;
  return value === BigInt.asIntN(64, value) || value === BigInt.asUintN(64, value) ? value : undefined;
}
