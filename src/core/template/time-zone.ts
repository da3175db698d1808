/** A zone at one moment: seconds east of Greenwich, and what the zone is called then. */
export interface ZoneOffset {
  readonly seconds: number;
  readonly abbreviation: string;
}

/** Each knows the abbreviations of its own part of the world; the others say `GMT+1`. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'en-CA'];

/**
 * The zone of a name as Go's LoadLocation takes it: empty and `Local` are UTC (a server has no local time), an unknown
 * name is UTC, too, because sprig falls back to it.
 */
export function knownZone(name: string): string {
  if (name === '' || name === 'Local' || name === 'UTC') return 'UTC';
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions();
    // Names are files for Go: `utc` is none.
    const isMiswritten = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return /^[A-Za-z]/.test(name) && !isMiswritten ? name : 'UTC';
  } catch (error) {
    if (error instanceof RangeError) return 'UTC';
    throw error;
  }
}

/** The name of a fixed zone, for `zoneOffset`: `+01:30`, with an abbreviation after a blank if it has one. */
export function fixedZone(seconds: number, abbreviation: string): string {
  return `${offsetText(seconds)}${abbreviation === '' ? '' : ` ${abbreviation}`}`;
}

/** The offset of a zone (an IANA name or a fixed zone) at a moment in milliseconds since the epoch. */
export function zoneOffset(zone: string, milliseconds: number): ZoneOffset {
  if (zone === 'UTC') return { seconds: 0, abbreviation: 'UTC' };
  const fixed = /^([+-]\d\d:\d\d(?::\d\d)?)(?: (.+))?$/.exec(zone);
  if (fixed !== null) return { seconds: offsetSeconds(fixed[1] ?? ''), abbreviation: fixed[2] ?? '' };
  const seconds = offsetSeconds(zoneName(zone, milliseconds, 'en-US', 'longOffset').replace('GMT', ''));
  return { seconds, abbreviation: abbreviationOf(zone, milliseconds) ?? numericName(seconds) };
}

function abbreviationOf(zone: string, milliseconds: number): string | undefined {
  const names = LOCALES.map((locale) => zoneName(zone, milliseconds, locale, 'short'));
  return names.find((name) => name === 'GMT' || /^(?!GMT|UTC)[A-Z]+$/.test(name));
}

function zoneName(zone: string, milliseconds: number, locale: string, timeZoneName: 'longOffset' | 'short'): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName });
  return format.formatToParts(milliseconds).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

function offsetSeconds(text: string): number {
  const [, sign, hours, minutes, seconds] = /^([+-])(\d\d?):?(\d\d)?:?(\d\d)?$/.exec(text.replace('\u2212', '-')) ?? [];
  const total = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return sign === '-' ? -total : total;
}

function offsetText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(seconds);
  const tail = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${tail}`;
}

/** Zones without an abbreviation are called by their offset: `+03`, `+0530`. */
function numericName(seconds: number): string {
  return offsetText(seconds).replaceAll(':', '').replace(/00$/, '');
}
