import assert from 'node:assert/strict';
import { renderDiagnostics } from '../../src/core/diagnostic.ts';
import type { Result } from '../../src/core/result.ts';
import type { Diagnostic } from '../../task-schemas/index.ts';

/** All that a terminal or a log could take for an order: control characters, and marks that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const ORDERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Whatever was decided about a text: findings that a user can see, and an error where it failed. */
export function assertSound(result: Result<unknown>, files: Readonly<Record<string, string>>): void {
  const found = result.ok ? result.warnings : result.diagnostics;
  const hasError = found.some(({ severity }) => severity === 'error');
  assert.equal(hasError, !result.ok, 'a result is an error when, and only when, it has one');
  for (const diagnostic of found) assertSoundDiagnostic(diagnostic, files);
  assert.doesNotMatch(renderDiagnostics(found), ORDERS);
}

function assertSoundDiagnostic(diagnostic: Diagnostic, files: Readonly<Record<string, string>>): void {
  const { code, message, hint, place, source } = diagnostic;
  assert.match(code, /^[a-z]+(?:-[a-z0-9]+)+$/);
  assert.notEqual(message.trim(), '');
  assert.notEqual(hint, '');
  assert.ok(message.length <= 1500 && (hint?.length ?? 0) <= 5000, `${code} says too much`);
  if (place === undefined) return;
  const line = files[place.file]?.split(/\r?\n/)[place.line - 1];
  assert.ok(line !== undefined, `line ${place.line} of ${place.file} is not there`);
  if (source !== undefined) assert.equal(source, line, `${code} shows line ${place.line}`);
  const { column, length } = place;
  assert.ok(column >= 1 && column <= line.length + 1, `column ${column} of ${JSON.stringify(line)} (${code})`);
  const fits = length >= 0 && column - 1 + length <= Math.max(line.length, column);
  assert.ok(fits, `length ${length} from column ${column} of ${JSON.stringify(line)} (${code})`);
}
