/** A piece of a layout: one of Go's reference parts (`2006`, `Jan`, `.000`, …) or literal text. */
export interface LayoutPart {
  readonly kind: 'part' | 'text';
  readonly text: string;
}

const PARTS =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|__2|_2(?!006)|3|4|5|PM|pm|-07(?:0000|:00:00|00|:00|)|Z07(?:0000|:00:00|00|:00|)|[.,](?:0+|9+)(?!\d)/g;

/** Cuts one of Go's time layouts, which are written as the moment Mon Jan 2 15:04:05 MST 2006, into its parts. */
export function splitLayout(layout: string): readonly LayoutPart[] {
  const parts: LayoutPart[] = [];
  let at = 0;
  for (const match of layout.matchAll(PARTS)) {
    if (match.index > at) parts.push({ kind: 'text', text: layout.slice(at, match.index) });
    parts.push({ kind: 'part', text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < layout.length) parts.push({ kind: 'text', text: layout.slice(at) });
  return parts;
}

/** English month names; January first. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** English names of the days of the week; Sunday first. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
