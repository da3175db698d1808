import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Findings } from './findings.ts';
import { spanOf, type YamlDocument } from './yaml-document.ts';

/** One key of a map with its value; aliases (`*x`) are followed already. `value` is null when nothing is written. */
export interface MapEntry {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
  /** The value as it stands in this map: an alias is still one. Messages point here. */
  readonly valueNode: Node | null;
}

/** How YAML nodes are read: through aliases and merge keys, in bounded time. */
export interface YamlReader {
  readonly text: string;
  readonly findings: Findings;
  /** The node that an alias stands for; other nodes are themselves. Unknown aliases are syntax errors found before. */
  follow(node: unknown): Node | null;
  /**
   * The entries of a map by key: of repeated keys the last one counts (with a warning, except for `repeatable` ones),
   * keys of merged maps (`<<`) count where the map itself has none.
   */
  entries(map: YAMLMap, repeatable?: ReadonlySet<string>): ReadonlyMap<string, MapEntry>;
}

/** Following more aliases than this in one file is refused: it stops files that multiply themselves. */
const MAX_ALIASES = 10_000;

/** A reader for one document. */
export function createYamlReader({ document }: YamlDocument, text: string, findings: Findings): YamlReader {
  let followed = 0;

  function follow(node: unknown): Node | null {
    if (!isAlias(node)) return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
    followed++;
    if (followed === MAX_ALIASES + 1) {
      const message = `The file uses aliases more than ${MAX_ALIASES} times`;
      findings.error(
        'yaml-too-many-aliases',
        spanOf(node, text),
        message,
        'Write the repeated parts out, or use a template.',
      );
    }
    if (followed > MAX_ALIASES) return null;
    const target = node.resolve(document);
    if (target === undefined) {
      const message = `Nothing above is marked with &${node.source}, so *${node.source} has no meaning`;
      findings.error('yaml-syntax', spanOf(node, text), message, 'Put quotes around it if it is meant as text.');
    }
    return target ?? null;
  }

  function entries(map: YAMLMap, repeatable: ReadonlySet<string> = new Set()): ReadonlyMap<string, MapEntry> {
    const merged = mergedEntries(map, new Set([map]));
    return new Map([...merged, ...ownEntries(map, repeatable)]);
  }

  function ownEntries(map: YAMLMap, repeatable: ReadonlySet<string>): ReadonlyMap<string, MapEntry> {
    const own = new Map<string, MapEntry>();
    for (const pair of map.items) {
      const entry = readPair(pair);
      if (entry === undefined || isMergeKey(entry)) continue;
      if (own.has(entry.key) && !repeatable.has(entry.key)) warnRepeated(entry, findings, text);
      own.set(entry.key, entry);
    }
    return own;
  }

  function readPair({ key, value }: Pair): MapEntry | undefined {
    const keyNode = follow(key);
    if (!isScalar(keyNode)) {
      const hint = 'Put quotes around a text that begins with a bracket or a brace.';
      findings.error('yaml-type', spanOf(keyNode, text), 'A key must be a text', hint);
      return undefined;
    }
    const valueNode = isAlias(value) || isMap(value) || isSeq(value) || isScalar(value) ? value : null;
    return { key: String(keyNode.value), keyNode, value: follow(value), valueNode };
  }

  /** Earlier maps of a merge list win over later ones; `seen` ends maps that merge themselves. */
  function mergedEntries(map: YAMLMap, seen: ReadonlySet<Node>): ReadonlyMap<string, MapEntry> {
    const merged = new Map<string, MapEntry>();
    for (const pair of map.items) {
      const entry = readPair(pair);
      if (entry === undefined || !isMergeKey(entry)) continue;
      for (const source of mergeSources(entry)) {
        if (seen.has(source)) continue;
        const inner = new Map([...mergedEntries(source, new Set([...seen, source])), ...ownEntries(source, new Set())]);
        for (const [key, value] of inner) if (!merged.has(key)) merged.set(key, value);
      }
    }
    return merged;
  }

  function mergeSources(entry: MapEntry): readonly YAMLMap[] {
    const list = isSeq(entry.value) ? entry.value.items.map(follow) : [entry.value];
    const maps = list.filter((node) => isMap(node));
    if (maps.length < list.length) {
      findings.error(
        'yaml-type',
        spanOf(entry.valueNode, text),
        'A merge key << needs a map, or a list of maps, such as *name',
      );
    }
    return maps;
  }

  return { text, findings, follow, entries };
}

function isMergeKey({ key, keyNode }: MapEntry): boolean {
  return key === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN';
}

function warnRepeated({ key, keyNode }: MapEntry, findings: Findings, text: string): void {
  const message = `"${key}" is written more than once in this map; this last one counts`;
  findings.warning('yaml-duplicate-key', spanOf(keyNode, text), message, 'Remove the others.');
}
