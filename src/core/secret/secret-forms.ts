/** What stands in a text for people where a secret was. */
export const MASK = '***';

/** Shorter parts of a longer base64 text would be found in ordinary words. */
const MIN_BASE64_PART = 6;

/** Where `base64` and `openssl` break their lines. */
const BASE64_LINES = [76, 64];

/**
 * The ways in which a secret turns up in a text: each line of it, and its base64, URL-encoded, JSON-escaped and
 * shell-quoted forms. Some may be empty or so short that they stand in ordinary text: what to do about these is up to who
 * looks for them.
 */
export function secretForms(secret: string): readonly string[] {
  const value = secret.trim();
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const forms = [...lines, ...base64Forms(secret), ...urlForms(value), ...jsonForms(value), ...lines.map(shellForm)];
  return [...new Set(forms)];
}

/**
 * Base64 of a value depends on what stands before and behind it: the forms of the value alone and at the end of a line
 * are whole, and those of the value inside of something have only the characters that nothing else has a part in.
 */
function base64Forms(secret: string): readonly string[] {
  const whole = [secret, secret.trim(), `${secret}\n`, `${secret.trim()}\n`].map(toBase64);
  const wrapped = whole.flatMap((text) => BASE64_LINES.flatMap((length) => linesOf(text, length)));
  const inside = [0, 1, 2].map((before) => base64Inside(secret.trim(), before));
  const parts = [...wrapped, ...inside].filter((part) => part.length >= MIN_BASE64_PART);
  const forms = [...whole, ...parts];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))];
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The lines of a text that is broken; none when it fits on one, and not a short last one. */
function linesOf(text: string, length: number): readonly string[] {
  if (text.length <= length) return [];
  const lines = Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
  return lines.filter((line) => line.length >= 2 * MIN_BASE64_PART);
}

/** What is always the same in the base64 of a text that has `before` bytes (modulo 3) before the value. */
function base64Inside(value: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
  return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

function urlForms(value: string): readonly string[] {
  // Half of a surrogate pair has no URL-encoded form.
  const usual = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'));
  const strict = usual.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [usual, strict, usual.replaceAll('%20', '+'), strict.replaceAll('%20', '+')];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** Go writes some signs as numbers, so that JSON can stand in HTML. */
function jsonForms(value: string): readonly string[] {
  const usual = JSON.stringify(value).slice(1, -1);
  return [usual, usual.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)];
}

/** A shell that shows its commands puts them into single quotes. */
function shellForm(line: string): string {
  return line.replaceAll("'", `'\\''`);
}
