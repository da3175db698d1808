/** Diagnostics of a text that secrets were rendered into: messages quote what they are about. */
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { MASK, secretForms } from './secret-forms.ts';

/** Shorter forms are only replaced where they stand alone: they would blot out ordinary words. */
const MIN_ANYWHERE = 3;

/** The end of a value that a message cuts off is known by this many characters. */
const MIN_CUT = 3;

/** Sign of a message that is cut. */
const CUT = '…';

/** From this length on, a text may be cut without the sign. */
const MIN_CUT_TEXT = 1000;

/** Replaces secrets in a text. */
type MaskText = (text: string) => string;

/**
 * The same diagnostics with `***` in place of the secrets that their messages and hints quote: a value as it is, in
 * other letter case, encoded, one of its lines, a part that a message cuts off, and where they stand alone also the
 * words of a value, since a command is split into them. Source lines are the user's own, from before rendering.
 */
export function maskDiagnostics(found: readonly Diagnostic[], secrets: Iterable<string>): readonly Diagnostic[] {
  if (found.length === 0) return found;
  const mask = createTextMask(secrets);
  return found.map((each) => ({
    ...each,
    message: mask(each.message),
    ...(each.hint === undefined ? {} : { hint: mask(each.hint) }),
  }));
}

function createTextMask(secrets: Iterable<string>): MaskText {
  const all = [...secrets];
  const needles = longestFirst(inEveryCase(all.flatMap(formsOf)).filter((form) => form.length >= MIN_ANYWHERE));
  const short = inEveryCase(all.map((secret) => secret.trim())).filter((form) => form.length < MIN_ANYWHERE);
  const patterns = longestFirst(short).map(standingAlone);
  const words = new Set(all.flatMap(wordsOf));
  return (text) => {
    let masked = text;
    for (const needle of needles) masked = maskCut(masked.replaceAll(needle, MASK), needle);
    for (const pattern of patterns) masked = masked.replace(pattern, MASK);
    return masked.replace(WORD, (word) => maskWord(word, words));
  };
}

/** A cure repeats a value inside of single quotes. */
function formsOf(secret: string): readonly string[] {
  const forms = [secret, secret.trim(), ...secretForms(secret)];
  return [...forms, ...forms.map((form) => form.replaceAll("'", `'\\''`))];
}

function inEveryCase(forms: readonly string[]): readonly string[] {
  const all = forms.flatMap((form) => [form, form.toLowerCase(), form.toUpperCase()]);
  return [...new Set(all)].filter((form) => form.trim() !== '');
}

function longestFirst(forms: readonly string[]): readonly string[] {
  return forms.toSorted((left, right) => right.length - left.length);
}

function standingAlone(form: string): RegExp {
  const escaped = form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'gu');
}

/** What lies between the signs at which a shell, a list of variables or YAML takes a value apart. */
const WORD = /[^\s"'`,;|&<>()=:#]+/g;

function wordsOf(secret: string): readonly string[] {
  const words = (secret.match(WORD) ?? []).map((word) => withoutSigns(word).toLowerCase());
  return words.filter((word) => word.length >= MIN_ANYWHERE);
}

function maskWord(word: string, secretWords: ReadonlySet<string>): string {
  const inner = withoutSigns(word);
  return secretWords.has(inner.toLowerCase()) ? word.replace(inner, () => MASK) : word;
}

/** By hand, because a pattern for signs at the end takes long on many signs elsewhere. */
function withoutSigns(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && isSign(word.charAt(start))) start++;
  while (end > start && isSign(word.charAt(end - 1))) end--;
  return word.slice(start, end);
}

function isSign(character: string): boolean {
  return /[!-/:-@[-`{-~…]/.test(character);
}

/** Replaces what is left of a value before a cut. */
function maskCut(text: string, needle: string): string {
  let masked = text.length < MIN_CUT_TEXT ? text : maskEnd(text, needle);
  for (let at = masked.indexOf(CUT); at >= 0; at = masked.indexOf(CUT, at + 1)) {
    const before = maskEnd(masked.slice(0, at), needle);
    masked = before + masked.slice(at);
    at = before.length;
  }
  return masked;
}

function maskEnd(text: string, needle: string): string {
  for (let length = Math.min(needle.length - 1, text.length); length >= MIN_CUT; length--) {
    if (text.endsWith(needle.slice(0, length))) return text.slice(0, -length) + MASK;
  }
  return text;
}
