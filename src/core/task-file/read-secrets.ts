import type { Node } from 'yaml';
import type { TaskSecret } from '../../../task-schemas/index.ts';
import { parseSecretAddress } from '../secret/secret-address.ts';
import type { FieldTable } from './fields.ts';
import { readMaps } from './read-maps.ts';
import type { Span } from './source-text.ts';
import type { YamlReader } from './yaml-map.ts';

const SECRET = { id: 'string', keyvault: 'string', clientID: 'string' } as const satisfies FieldTable;

/** A secret of a task, and where its URL stands. */
export interface ReadSecret {
  readonly secret: TaskSecret;
  readonly place: Span;
}

/** Reads the `secrets` of a task (reference, section 2); what is wrong with one is a finding. */
export function readSecrets(reader: YamlReader, node: Node | undefined): readonly ReadSecret[] {
  const ids = new Set<string>();
  return readMaps(reader, node, SECRET, 'secrets', 'A secret').map(({ values, spans, whole }) => {
    const { id = '', keyvault = '', clientID } = values;
    const error = (code: string, field: string, message: string, hint: string): void =>
      reader.findings.error(code, spans.get(field) ?? whole, message, hint);
    if (id === '')
      error('secret-missing-id', 'id', 'This secret has no id', 'Write id: NAME; the value is then {{.Secrets.NAME}}.');
    else if (/\s/u.test(id))
      error('secret-id-space', 'id', `The id "${id}" has white space in it`, 'Use letters, digits and underscores.');
    else if (ids.has(id))
      error('secret-duplicate', 'id', `The id "${id}" is used by a secret above`, 'Give each secret an id of its own.');
    if (keyvault === '')
      error(
        'secret-missing-source',
        'keyvault',
        'This secret does not say where its value is',
        'Write keyvault: https://VAULT/secrets/NAME',
      );
    else warnOfAddress(reader, keyvault, spans.get('keyvault') ?? whole);
    if (clientID !== undefined && clientID !== '' && !UUID.test(clientID)) {
      error(
        'secret-invalid-client-id',
        'clientID',
        `"${clientID}" is not the id of a client`,
        'It is a UUID such as 00000000-0000-0000-0000-000000000000.',
      );
    }
    ids.add(id);
    const secret = { id, keyvault, ...(clientID ? { clientID } : {}) };
    return { secret, place: spans.get('keyvault') ?? whole };
  });
}

/** A warning only, as the reference does not look at it before it asks for the value. */
function warnOfAddress({ findings }: YamlReader, keyvault: string, place: Span): void {
  const address = parseSecretAddress(keyvault);
  if (address.kind === 'invalid') findings.warning('secret-url', place, address.reason, address.hint);
}

/** All forms that the reference's library reads: with hyphens, perhaps in braces or as a URN, or bare digits. */
const UUID =
  /^(?:(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}|[0-9a-f]{32})$/i;
