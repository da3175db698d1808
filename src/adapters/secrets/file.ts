import { readFile } from 'node:fs/promises';
import type { SecretReading } from '../../ports/secret-source.ts';
import { systemCode, unavailable } from './unavailable.ts';

const SHAPE = 'It is a map of names to texts, in YAML or JSON.';

/** The entry `name` of a file in YAML or JSON. The file is read each time, because it may have changed. */
export async function readEntry(file: string | undefined, name: string, signal: AbortSignal): Promise<SecretReading> {
  if (file === undefined)
    return unavailable('the worker has no file of secrets', 'Name one in SLIPWAY_SECRETS_FILE on the worker.');
  let text: string;
  try {
    text = await readFile(file, { encoding: 'utf8', signal });
  } catch (error) {
    signal.throwIfAborted();
    const reason = `the file of SLIPWAY_SECRETS_FILE cannot be read (${systemCode(error)})`;
    return unavailable(reason, 'Check on the worker that it is there, and that the user of the worker may read it.');
  }
  // Most commands of the command line need no YAML, which takes long to load.
  const { parseValues } = await import('../../core/task-file/values.ts');
  const values = parseValues(text, 'SLIPWAY_SECRETS_FILE');
  if (!values.ok) {
    // Not the message: it quotes the line, and with it a secret.
    const line = values.diagnostics[0]?.place?.line ?? 1;
    return unavailable(`line ${line} of the file of SLIPWAY_SECRETS_FILE is no YAML that can be used`, SHAPE);
  }
  const value = values.value.get(name);
  if (typeof value === 'string') return { kind: 'value', value };
  if (value === undefined)
    return unavailable(`the file of SLIPWAY_SECRETS_FILE has no entry "${name}"`, `Add "${name}: VALUE" to it.`);
  return unavailable(`"${name}" in the file of SLIPWAY_SECRETS_FILE is not a text`, 'Put quotes around the value.');
}
