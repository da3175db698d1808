import { type CalendarTime, calendarTime } from './calendar.ts';
import { MONTHS, splitLayout, WEEKDAYS } from './time-layout.ts';
import type { TimeValue } from './value.ts';

/** A moment written in one of Go's layouts, for example `2006-01-02T15:04:05Z07:00`. */
export function formatTime(time: TimeValue, layout: string): string {
  const calendar = calendarTime(time);
  return splitLayout(layout)
    .map(({ kind, text }) => (kind === 'text' ? text : formatPart(calendar, text)))
    .join('');
}

function formatPart(time: CalendarTime, part: string): string {
  return formatDatePart(time, part) ?? formatClockPart(time, part) ?? formatZonePart(time, part);
}

function formatDatePart(time: CalendarTime, part: string): string | undefined {
  switch (part) {
    case '2006':
      return padded(time.year, 4, '0');
    case '06':
      return padded(((time.year % 100) + 100) % 100, 2, '0');
    case 'January':
      return MONTHS[time.month - 1];
    case 'Jan':
      return MONTHS[time.month - 1]?.slice(0, 3);
    case '01':
      return padded(time.month, 2, '0');
    case '1':
      return String(time.month);
    case 'Monday':
      return WEEKDAYS[time.weekday];
    case 'Mon':
      return WEEKDAYS[time.weekday]?.slice(0, 3);
    case '02':
      return padded(time.day, 2, '0');
    case '_2':
      return padded(time.day, 2, ' ');
    case '2':
      return String(time.day);
    case '002':
      return padded(time.yearDay, 3, '0');
    case '__2':
      return padded(time.yearDay, 3, ' ');
    default:
      return undefined;
  }
}

function formatClockPart(time: CalendarTime, part: string): string | undefined {
  const hour12 = time.hour % 12 === 0 ? 12 : time.hour % 12;
  switch (part) {
    case '15':
      return padded(time.hour, 2, '0');
    case '03':
      return padded(hour12, 2, '0');
    case '3':
      return String(hour12);
    case '04':
      return padded(time.minute, 2, '0');
    case '4':
      return String(time.minute);
    case '05':
      return padded(time.second, 2, '0');
    case '5':
      return String(time.second);
    case 'PM':
      return time.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return time.hour >= 12 ? 'pm' : 'am';
    default:
      return /^[.,]/.test(part) ? fraction(time.nanosecond, part) : undefined;
  }
}

/** `.000` keeps its digits, `.999` drops zeros at the end, and the point with them when nothing is left. */
function fraction(nanosecond: number, part: string): string {
  const digits = padded(nanosecond, 9, '0')
    .slice(0, part.length - 1)
    .padEnd(part.length - 1, '0');
  if (part.includes('0')) return part.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : part.charAt(0) + trimmed;
}

function formatZonePart({ zone }: CalendarTime, part: string): string {
  if (part === 'MST' && zone.abbreviation !== '') return zone.abbreviation;
  if (part.startsWith('Z') && zone.seconds === 0) return 'Z';
  const size = Math.abs(zone.seconds);
  const fields = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((field) => padded(field, 2, '0'));
  // A zone without a name is written as its offset.
  const form = part === 'MST' ? '-0700' : part;
  const count = form.replace(/[^\d]/g, '').length / 2;
  return (zone.seconds < 0 ? '-' : '+') + fields.slice(0, count).join(form.includes(':') ? ':' : '');
}

function padded(value: number, width: number, filler: string): string {
  const text = String(Math.abs(value)).padStart(width, filler);
  return value < 0 ? `-${text}` : text;
}
