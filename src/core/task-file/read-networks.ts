import type { Node } from 'yaml';
import type { TaskNetwork } from '../../../task-schemas/index.ts';
import type { FieldTable } from './fields.ts';
import { readMaps } from './read-maps.ts';
import type { StepPlaces } from './read-step.ts';
import type { YamlReader } from './yaml-map.ts';

const NETWORK = {
  name: 'string',
  driver: 'string',
  ipv6: 'boolean',
  skipCreation: 'boolean',
  isDefault: 'boolean',
} as const satisfies FieldTable;

/** A network of a task, and where its properties stand. */
export interface ReadNetwork {
  readonly network: TaskNetwork;
  readonly places: StepPlaces;
}

/**
 * Reads the `networks` of a task. The reference checks nothing here, and its engine then fails to make a network that
 * has no name or one that is taken; both are findings.
 */
export function readNetworks(reader: YamlReader, node: Node | undefined): readonly ReadNetwork[] {
  const names = new Set<string>();
  return readMaps(reader, node, NETWORK, 'networks', 'A network').map(({ values, spans, whole }) => {
    const { name = '', ...rest } = values;
    const at = spans.get('name') ?? whole;
    if (name === '') reader.findings.error('network-missing-name', at, 'This network has no name', 'Write name: NAME');
    else if (names.has(name)) {
      const message = `The name "${name}" is used by a network above`;
      reader.findings.error('network-duplicate', at, message, 'Give each network a name of its own.');
    }
    names.add(name);
    return { network: { name, ...rest }, places: { whole, fields: spans } };
  });
}
