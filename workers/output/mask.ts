import { createFindTexts, type FindTexts } from '../../src/core/secret/find-texts.ts';
import { MASK, secretForms } from '../../src/core/secret/secret-forms.ts';

/** Shorter values are not masked: they would blot out ordinary text. */
export const MIN_SECRET_LENGTH = 4;

/** Hides the secrets of one attempt wherever it writes. */
export interface SecretMask {
  /**
   * The text with `***` in place of every known secret: the value itself, each line of it, and its base64, URL-encoded,
   * JSON-escaped and quoted forms. Lines must be whole: a secret cut by a chunk border is found because lines are put
   * together first.
   */
  hide(text: string): string;
  /** From now on these are hidden too. */
  learn(secrets: readonly string[]): void;
  /** Characters of the longest text that is hidden: whoever cuts a text holds back one less. */
  longest(): number;
}

/** A mask that knows these secrets. */
export function createMask(secrets: readonly string[]): SecretMask {
  const needles = new Set<string>();
  let find: FindTexts = () => [];
  let longest = 0;
  const mask: SecretMask = {
    hide: (text) => (needles.size === 0 ? text : replace(text, find)),
    learn(more) {
      for (const form of more.flatMap(secretForms)) if (form.length >= MIN_SECRET_LENGTH) needles.add(form);
      find = createFindTexts([...needles]);
      longest = Math.max(0, ...[...needles].map((needle) => needle.length));
    },
    longest: () => longest,
  };
  mask.learn(secrets);
  return mask;
}

function replace(text: string, find: FindTexts): string {
  const found = find(text);
  if (found.length === 0) return text;
  let masked = '';
  let from = 0;
  for (const { start, end } of found) {
    masked += text.slice(from, start) + MASK;
    from = end;
  }
  return masked + text.slice(from);
}
