/** A pair of marks round an action. */
export interface Delimiters {
  readonly left: '{{' | '<<';
  readonly right: '}}' | '>>';
}

const CURLY: Delimiters = { left: '{{', right: '}}' };
const ANGLE: Delimiters = { left: '<<', right: '>>' };

/** Where an action begins. */
export interface ActionStart {
  readonly at: number;
  readonly delimiters: Delimiters;
}

/** Where reading goes on after an action: the offset, and whether white space there is trimmed. */
export interface ActionEnd {
  readonly at: number;
  readonly trim: boolean;
}

/**
 * Finds the next action of a text from an offset on. `{{` always begins one. `<<` does so only when `.Run` or `.Values`
 * (or their JSON forms) follows at once or after blanks and `>>` follows on the same line: YAML merge keys (`<<: *x`),
 * here-documents (`<<EOF`) and shell arithmetic (`1 << 2`) stay text.
 */
export function createActionFinder(text: string): (from: number) => ActionStart | undefined {
  const indexOf = createIndex(text);
  return (from) => {
    const curly = indexOf('{{', from);
    for (let angle = indexOf('<<', from); angle < curly; angle = indexOf('<<', angle + 1)) {
      if (isAngleAction(text, angle, indexOf)) return { at: angle, delimiters: ANGLE };
    }
    return curly === Number.POSITIVE_INFINITY ? undefined : { at: curly, delimiters: CURLY };
  };
}

/** Where an action ends when its right mark, with or without a trim marker, is at this offset. */
export function actionEndAt(text: string, at: number, delimiters: Delimiters): ActionEnd | undefined {
  if (text.startsWith(delimiters.right, at)) return { at: at + 2, trim: false };
  const marker = /[ \t\r\n]-/y;
  marker.lastIndex = at;
  return marker.test(text) && text.startsWith(delimiters.right, at + 2) ? { at: at + 4, trim: true } : undefined;
}

/** Go's four space characters; no other white space counts in a template. */
export function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

function isAngleAction(text: string, at: number, indexOf: (mark: string, from: number) => number): boolean {
  const name = /<<(?:-[ \t])?[ \t]*\.(?:Run|Values)(?:JSON)?(?![\p{L}\p{Nd}_])/uy;
  name.lastIndex = at;
  if (!name.test(text)) return false;
  const close = indexOf('>>', name.lastIndex);
  return close !== Number.POSITIVE_INFINITY && close < indexOf('\n', name.lastIndex);
}

/** `indexOf` that remembers the last hit of each mark, so that a scan over the whole text stays linear. */
function createIndex(text: string): (mark: string, from: number) => number {
  const known = new Map<string, { readonly from: number; readonly hit: number }>();
  return (mark, from) => {
    const last = known.get(mark);
    if (last !== undefined && from >= last.from && from <= last.hit) return last.hit;
    const found = text.indexOf(mark, from);
    const hit = found < 0 ? Number.POSITIVE_INFINITY : found;
    known.set(mark, { from, hit });
    return hit;
  };
}
