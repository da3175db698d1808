import { isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import { type FieldTable, isNull, type ReadFields, readFields } from './fields.ts';
import type { Span } from './source-text.ts';
import { describeNode, spanOf } from './yaml-document.ts';
import type { YamlReader } from './yaml-map.ts';

/** One entry of a list of maps: its properties, and where it stands. */
export interface ReadMap<Table extends FieldTable> extends ReadFields<Table> {
  readonly whole: Span;
}

/**
 * Reads a list of maps by a table; what is no map is a finding (`yaml-type`) and left out.
 * @param name of the property, for messages; `what` one entry is, as in "A volume"
 */
export function readMaps<Table extends FieldTable>(
  reader: YamlReader,
  node: Node | undefined,
  table: Table,
  name: string,
  what: string,
): readonly ReadMap<Table>[] {
  if (node === undefined || isNull(node)) return [];
  const refuse = (wrong: Node | null, needed: string): void => {
    const message = `"${name}" needs ${needed}, but has ${describeNode(wrong)}`;
    reader.findings.error(
      'yaml-type',
      spanOf(wrong, reader.text),
      message,
      'Begin each entry with a dash, then "key: value".',
    );
  };
  if (!isSeq(node)) {
    refuse(node, 'a list');
    return [];
  }
  return node.items.flatMap((item) => {
    const map = reader.follow(item);
    if (isMap(map)) return [{ ...readFields(reader, map, table, what), whole: placeOf(map, reader) }];
    refuse(map, 'maps');
    return [];
  });
}

/** The first key of a map; one without keys is its own place. */
function placeOf(map: YAMLMap, reader: YamlReader): Span {
  return spanOf(reader.follow(map.items[0]?.key) ?? map, reader.text);
}
