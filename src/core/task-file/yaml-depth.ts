import type { CST } from 'yaml';

/** How deeply collections are nested in a token; counts to `limit + 1` at most and never recurses. */
export function tokenDepth(root: CST.Token, limit: number): number {
  let level: readonly CST.Token[] = [root];
  let depth = 0;
  while (level.length > 0 && depth <= limit) {
    level = level.flatMap(children);
    if (level.length > 0) depth++;
  }
  return depth;
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
