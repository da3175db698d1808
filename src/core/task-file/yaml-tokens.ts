/** Looking over YAML tokens before they are composed to a document. Nothing here recurses. */
import type { CST } from 'yaml';

/** How deeply collections are nested in a token; counts to `limit + 1` at most. */
export function tokenDepth(root: CST.Token, limit: number): number {
  let level: readonly CST.Token[] = [root];
  let depth = 0;
  while (level.length > 0 && depth <= limit) {
    level = level.flatMap(children);
    if (level.length > 0) depth++;
  }
  return depth;
}

/** Where the first `[` or `{` stands that the parser did not see closed; undefined when there is none. */
export function findOpenFlow(root: CST.Token): number | undefined {
  let level: readonly CST.Token[] = [root];
  let first: number | undefined;
  while (level.length > 0) {
    for (const token of level) {
      if (token.type !== 'flow-collection' || token.end.some(({ type }) => type !== 'flow-error-end')) continue;
      if (first === undefined || token.offset < first) first = token.offset;
    }
    level = level.flatMap(children);
  }
  return first;
}

/**
 * The text with the flow collection at `start` on one line, at the same offsets: line ends and comments in it become
 * blanks. Undefined when its bracket is really not closed. The reference's parser lets `[ … ]` stand at any
 * indentation; this one demands more than the key's.
 */
export function joinFlow(text: string, start: number): string | undefined {
  const signs = text.slice(start).split('');
  let depth = 0;
  let before = '';
  for (let at = 0; at < signs.length; at++) {
    const sign = signs[at] ?? '';
    if (sign === '"' || (sign === "'" && /[[{,:\s]/.test(before))) at = quoteEnd(signs, at);
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    else if (sign === '\n' || sign === '\r') signs[at] = ' ';
    else if (sign === '#' && /\s/.test(before)) at = blankComment(signs, at) - 1;
    if (depth === 0) return text.slice(0, start) + signs.join('');
    before = signs[at] ?? '';
  }
  return undefined;
}

function quoteEnd(signs: readonly string[], start: number): number {
  let at = start + 1;
  while (at < signs.length && signs[at] !== signs[start]) at += signs[start] === '"' && signs[at] === '\\' ? 2 : 1;
  return at;
}

/** Blanks a comment out and answers where its line ends. */
function blankComment(signs: string[], start: number): number {
  let at = start;
  for (; at < signs.length && signs[at] !== '\n'; at++) signs[at] = ' ';
  return at;
}

function children(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') return [];
  const inner: CST.Token[] = [];
  for (const item of token.items) {
    if (item.key !== undefined && item.key !== null) inner.push(item.key);
    if (item.value !== undefined) inner.push(item.value);
  }
  return inner;
}
