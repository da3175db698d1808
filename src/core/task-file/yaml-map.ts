import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from 'yaml';
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
   * The entries of a map by key. Of repeated keys the last one counts (with a warning, except for `repeatable` ones).
   * Merged maps (`<<`) stand for their keys: those above `<<` are replaced, as in the reference's parser (with a
   * warning), those below it count.
   */
  entries(map: YAMLMap, repeatable?: ReadonlySet<string>): ReadonlyMap<string, MapEntry>;
}

/** Following more aliases than this in one file is refused: it stops files that multiply themselves. */
const MAX_ALIASES = 10_000;

/** What aliases stand for, taken together, may be so many characters: reading is repeated wherever one stands. */
const MAX_ALIASED = 2 * 1024 * 1024;

/** A reader for one document. */
export function createYamlReader({ document }: YamlDocument, text: string, findings: Findings): YamlReader {
  const targets = aliasTargets(document);
  let followed = 0;
  let aliased = 0;
  const isTooMuch = (): boolean => followed > MAX_ALIASES || aliased > MAX_ALIASED;

  function follow(node: unknown): Node | null {
    if (!isAlias(node)) return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
    if (isTooMuch()) return null;
    const target = targets.get(node);
    followed++;
    const [start, , end] = target?.range ?? [0, 0, 0];
    aliased += end - start;
    if (isTooMuch()) {
      const message =
        followed > MAX_ALIASES
          ? `The file uses aliases more than ${MAX_ALIASES} times`
          : `What the aliases of the file stand for is more than ${MAX_ALIASED} characters`;
      const hint = 'Write the repeated parts out, or use a template.';
      findings.error('yaml-too-many-aliases', spanOf(node, text), message, hint);
      return null;
    }
    if (target === undefined) {
      const message = `Nothing above is marked with &${node.source}, so *${node.source} has no meaning`;
      findings.error('yaml-syntax', spanOf(node, text), message, 'Put quotes around it if it is meant as text.');
    }
    return target ?? null;
  }

  function entries(map: YAMLMap, repeatable: ReadonlySet<string> = new Set()): ReadonlyMap<string, MapEntry> {
    return readEntries(map, repeatable, new Set([map]));
  }

  /** From top to bottom, the last one counts; `seen` ends maps that merge themselves. */
  function readEntries(
    map: YAMLMap,
    repeatable: ReadonlySet<string>,
    seen: ReadonlySet<Node>,
  ): ReadonlyMap<string, MapEntry> {
    const read = new Map<string, MapEntry>();
    const own = new Set<string>();
    for (const pair of map.items) {
      const entry = readPair(pair);
      if (entry === undefined) continue;
      if (isMergeKey(entry)) {
        for (const merged of mergedEntries(entry, seen).values()) {
          if (own.has(merged.key)) warnOverwritten(read.get(merged.key) ?? merged, findings, text);
          read.set(merged.key, merged);
        }
        continue;
      }
      if (own.has(entry.key) && !repeatable.has(entry.key)) warnRepeated(entry, findings, text);
      own.add(entry.key);
      read.set(entry.key, entry);
    }
    return read;
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

  /** Earlier maps of a merge list win over later ones. */
  function mergedEntries(entry: MapEntry, seen: ReadonlySet<Node>): ReadonlyMap<string, MapEntry> {
    const merged = new Map<string, MapEntry>();
    for (const source of mergeSources(entry)) {
      if (seen.has(source)) continue;
      for (const [key, value] of readEntries(source, new Set(), new Set([...seen, source])))
        if (!merged.has(key)) merged.set(key, value);
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

/** What each alias stands for: the last node above it with its name. The library takes a pass of its own for each. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    },
  });
  return targets;
}

function isMergeKey({ key, keyNode }: MapEntry): boolean {
  if (key !== '<<' || !isScalar(keyNode)) return false;
  return keyNode.tag === undefined ? keyNode.type === 'PLAIN' : keyNode.tag.endsWith(':merge');
}

function warnOverwritten({ key, keyNode }: MapEntry, findings: Findings, text: string): void {
  const message = `"${key}" is replaced by the one of the map that is merged below it`;
  findings.warning('yaml-merge-order', spanOf(keyNode, text), message, 'Put the line with << first.');
}

function warnRepeated({ key, keyNode }: MapEntry, findings: Findings, text: string): void {
  const message = `"${key}" is written more than once in this map; this last one counts`;
  findings.warning('yaml-duplicate-key', spanOf(keyNode, text), message, 'Remove the others.');
}
