/**
 * A text in lines of at most `width` bytes, broken at blanks. Words that are longer stay whole, or are cut. Blanks at
 * the beginning of a line are dropped; line breaks that are there already are characters like others.
 */
export function wrapText(
  text: string,
  width: number,
  mark: string,
  longWords: 'keep-long-words' | 'cut-long-words',
): string {
  const limit = Math.max(1, width);
  const bytes = Buffer.from(text);
  const lines: string[] = [];
  const take = (from: number, to: number): number => {
    lines.push(bytes.subarray(from, to).toString());
    return to;
  };
  let at = 0;
  while (bytes.length - at > limit) {
    if (bytes[at] === BLANK) at++;
    else {
      const blank = bytes.subarray(0, at + limit + 1).lastIndexOf(BLANK);
      const next = longWords === 'keep-long-words' ? bytes.indexOf(BLANK, at + limit) : at + limit;
      if (blank >= at) at = take(at, blank) + 1;
      else if (longWords === 'cut-long-words') at = take(at, next);
      else if (next >= 0) at = take(at, next) + 1;
      else return [...lines, bytes.subarray(at).toString()].join(mark);
    }
  }
  return [...lines, bytes.subarray(at).toString()].join(mark);
}

const BLANK = 0x20;
