import { plainError } from '../../core/diagnostic.ts';
import type { SecretValues } from '../../core/plan/task-secrets.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { parseValues } from '../../core/task-file/values.ts';
import { readTextFile } from './task-text.ts';

/** Reads the file that `--secret-values` names: a YAML map of the URL of a secret to its value. */
export async function readSecretValues(path: string, folders: readonly string[]): Promise<Result<SecretValues>> {
  const file = await readTextFile({ what: 'The file of --secret-values', option: '--secret-values' }, path, folders);
  if (!file.ok) return file;
  const values = parseValues(file.value.text, path);
  if (!values.ok) return values;
  const wrong = [...values.value].filter(([, value]) => typeof value !== 'string').map(([url]) => url);
  if (wrong.length > 0) {
    return failure(
      wrong.map((url) =>
        plainError('secret-values', `The value of "${url}" in ${path} is not a text.`, 'Put quotes around it.'),
      ),
    );
  }
  const texts = new Map([...values.value].map(([url, value]): [string, string] => [url, String(value)]));
  return success({ kind: 'resolved', values: texts }, values.warnings);
}
