/** What stands in a text for people where a secret was. */
export const MASK = '***';

/**
 * The ways in which a secret turns up in a text: each line of it, and its base64, URL-encoded and JSON-escaped forms.
 * Some may be empty or so short that they stand in ordinary text: what to do about these is up to who looks for them.
 */
export function secretForms(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  // Base64 of a value depends on what stands before it; these are the forms of the value alone and at a line's end.
  const encoded = [secret, secret.trim(), `${secret}\n`].map((value) => Buffer.from(value).toString('base64'));
  const escaped = JSON.stringify(secret.trim()).slice(1, -1);
  // Half of a surrogate pair has no URL-encoded form.
  return [...lines, ...encoded, encodeURIComponent(secret.trim().replace(/\p{Surrogate}/gu, '\ufffd')), escaped];
}
