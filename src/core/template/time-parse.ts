import { utcMilliseconds } from './calendar.ts';
import { MONTHS, splitLayout, WEEKDAYS } from './time-layout.ts';
import { fixedZone } from './time-zone.ts';
import type { TimeValue } from './value.ts';

/** Go's zero time, 1 January of the year 1: what sprig gives for a text that does not fit its layout. */
export const ZERO_TIME: TimeValue = {
  kind: 'time',
  nanoseconds: BigInt(utcMilliseconds(1, 1, 1)) * 1_000_000n,
  zone: 'UTC',
};

/** What has been read so far; what a layout does not mention keeps Go's defaults. */
interface Fields {
  year: number;
  month: number;
  day: number;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  afternoon: boolean | undefined;
  offset: number | undefined;
  abbreviation: string;
}

/** A text read by one of Go's layouts, in UTC where it names no zone; undefined when it does not fit. */
export function parseTime(layout: string, text: string): TimeValue | undefined {
  const fields: Fields = {
    year: 0,
    month: 1,
    day: 1,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    afternoon: undefined,
    offset: undefined,
    abbreviation: '',
  };
  let rest: string | undefined = text;
  const parts = splitLayout(layout);
  for (const [index, { kind, text: part }] of parts.entries()) {
    const next = parts[index + 1]?.text ?? '';
    rest = kind === 'text' ? afterLiteral(rest, part) : readPart(fields, part, rest, /^[.,]/.test(next));
    if (rest === undefined) return undefined;
  }
  return rest === '' ? toTime(fields) : undefined;
}

/** Blanks in a layout stand for any number of blanks, or none. */
function afterLiteral(text: string, literal: string): string | undefined {
  let at = 0;
  for (const character of literal) {
    if (character === ' ') while (text.charAt(at) === ' ') at++;
    else if (!text.startsWith(character, at)) return undefined;
    else at += character.length;
  }
  return text.slice(at);
}

function readPart(fields: Fields, part: string, text: string, fractionFollows: boolean): string | undefined {
  if (/^(?:Jan|Mon)/.test(part)) return readName(fields, part, text);
  if (/^[.,]/.test(part)) return readFraction(fields, part, text);
  if (/^[-Z]/.test(part)) return readOffset(fields, part, text);
  if (part === 'MST') return readAbbreviation(fields, text);
  if (part === 'PM' || part === 'pm') return readHalf(fields, part, text);
  const rest = readNumber(fields, part, text);
  const isSecond = part === '05' || part === '5';
  return rest !== undefined && isSecond && !fractionFollows ? readOptionalFraction(fields, rest) : rest;
}

function readName(fields: Fields, part: string, text: string): string | undefined {
  const names = part.startsWith('J') ? MONTHS : WEEKDAYS;
  const length = part === 'Jan' || part === 'Mon' ? 3 : undefined;
  const index = names.findIndex((name) => text.toLowerCase().startsWith(name.slice(0, length).toLowerCase()));
  if (index < 0) return undefined;
  if (names === MONTHS) fields.month = index + 1;
  return text.slice(names[index]?.slice(0, length).length);
}

function readNumber(fields: Fields, part: string, text: string): string | undefined {
  const pattern = NUMBERS.get(part);
  const match = pattern?.exec(text);
  if (match === undefined || match === null) return undefined;
  setNumber(fields, part, Number(match[0]));
  return text.slice(match[0].length);
}

const NUMBERS: ReadonlyMap<string, RegExp> = new Map([
  ['2006', /^\d{4}/],
  ['06', /^\d{2}/],
  ['01', /^\d{2}/],
  ['1', /^\d{1,2}/],
  ['02', /^\d{2}/],
  ['_2', /^ ?\d{1,2}/],
  ['2', /^ ?\d{1,2}/],
  ['002', /^\d{3}/],
  ['__2', /^ {0,2}\d{1,3}/],
  ['15', /^\d{1,2}/],
  ['03', /^\d{2}/],
  ['3', /^\d{1,2}/],
  ['04', /^\d{2}/],
  ['4', /^\d{1,2}/],
  ['05', /^\d{2}/],
  ['5', /^\d{1,2}/],
]);

function setNumber(fields: Fields, part: string, value: number): void {
  if (part === '2006') fields.year = value;
  else if (part === '06') fields.year = value >= 69 ? 1900 + value : 2000 + value;
  else if (part === '002' || part === '__2') fields.yearDay = value;
  else if (part.endsWith('1')) fields.month = value;
  else if (part.endsWith('2')) fields.day = value;
  else if (part === '15') fields.hour = value;
  else if (part.endsWith('3')) fields.hour = value <= 12 ? value : Number.POSITIVE_INFINITY;
  else if (part.endsWith('4')) fields.minute = value;
  else fields.second = value;
}

function readHalf(fields: Fields, part: string, text: string): string | undefined {
  const half = text.slice(0, 2);
  const [am, pm] = part === 'PM' ? ['AM', 'PM'] : ['am', 'pm'];
  if (half !== am && half !== pm) return undefined;
  fields.afternoon = half === pm;
  return text.slice(2);
}

function readFraction(fields: Fields, part: string, text: string): string | undefined {
  if (part.includes('9')) return readOptionalFraction(fields, text);
  const digits = text.slice(1, part.length);
  if (!/^[.,]/.test(text) || digits.length !== part.length - 1 || !/^\d+$/.test(digits)) return undefined;
  fields.nanosecond = Number(digits.padEnd(9, '0').slice(0, 9));
  return text.slice(part.length);
}

/** Go accepts a fraction after the seconds even where the layout has none. */
function readOptionalFraction(fields: Fields, text: string): string {
  const match = /^[.,](\d+)/.exec(text);
  if (match === null) return text;
  fields.nanosecond = Number((match[1] ?? '').padEnd(9, '0').slice(0, 9));
  return text.slice(match[0].length);
}

function readOffset(fields: Fields, part: string, text: string): string | undefined {
  if (part.startsWith('Z') && text.startsWith('Z')) {
    fields.offset = 0;
    return text.slice(1);
  }
  const form = part.slice(1).replace(/^07/, '(\\d\\d)').replace('00', '(\\d\\d)').replace('00', '(\\d\\d)');
  const match = new RegExp(`^([+-])${form}`).exec(text);
  if (match === null) return undefined;
  const [whole, sign, hours, minutes, seconds] = match;
  const size = Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  fields.offset = sign === '-' ? -size : size;
  return text.slice(whole.length);
}

/** An abbreviation alone says no offset: Go invents a zone of that name with none, and so do we. */
function readAbbreviation(fields: Fields, text: string): string | undefined {
  const match = /^(?:UTC|[A-Z]{3,4}T?|[+-]\d\d)/.exec(text)?.[0];
  if (match === undefined) return undefined;
  fields.abbreviation = match;
  return text.slice(match.length);
}

function toTime(fields: Fields): TimeValue | undefined {
  const hour = hourOf(fields);
  if (hour > 23 || fields.minute > 59 || fields.second > 59 || fields.month < 1 || fields.month > 12) return undefined;
  const dayStart = fields.yearDay === undefined ? dayOfMonth(fields) : utcMilliseconds(fields.year, 1, fields.yearDay);
  if (dayStart === undefined) return undefined;
  const seconds = dayStart / 1000 + hour * 3600 + fields.minute * 60 + fields.second - (fields.offset ?? 0);
  const nanoseconds = BigInt(seconds) * 1_000_000_000n + BigInt(fields.nanosecond);
  return { kind: 'time', nanoseconds, zone: zoneOf(fields) };
}

function hourOf({ hour, afternoon }: Fields): number {
  if (afternoon === undefined) return hour;
  if (afternoon) return hour < 12 ? hour + 12 : hour;
  return hour === 12 ? 0 : hour;
}

function dayOfMonth({ year, month, day }: Fields): number | undefined {
  const start = utcMilliseconds(year, month, day);
  return day >= 1 && new Date(start).getUTCDate() === day ? start : undefined;
}

function zoneOf({ offset, abbreviation }: Fields): string {
  if ((offset ?? 0) === 0 && (abbreviation === '' || abbreviation === 'UTC')) return 'UTC';
  return fixedZone(offset ?? 0, abbreviation);
}
