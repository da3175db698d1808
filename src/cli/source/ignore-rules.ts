import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { ignoreProblems } from '../../core/ignore.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { systemErrorCode } from '../system-error.ts';

/** The name of the file with the rules, alone or behind the name of a Dockerfile. */
export const IGNORE_FILE = '.dockerignore';

/** The rules for what is left out. */
export interface IgnoreRules {
  readonly text: string;
  /** The file beside the Dockerfile, when they come from there. */
  readonly specific: string | undefined;
}

/**
 * Reads the rules that hold for a context: `<Dockerfile>.dockerignore` if there is one, else `.dockerignore` of the
 * context, else none. Lines that Docker would refuse are refused here too, with their place.
 */
export async function readIgnoreRules(directory: string, dockerfile: string | undefined): Promise<Result<IgnoreRules>> {
  const candidates = [
    ...(dockerfile === undefined ? [] : [{ file: `${dockerfile}${IGNORE_FILE}`, specific: true }]),
    { file: path.join(directory, IGNORE_FILE), specific: false },
  ];
  for (const { file, specific } of candidates) {
    const text = await readIfThere(file);
    if (!text.ok) return text;
    if (text.value === undefined) continue;
    const problems = ignoreProblems(text.value).map((problem) => refusal(file, problem));
    return problems.length > 0
      ? failure(problems)
      : success({ text: text.value, specific: specific ? file : undefined });
  }
  return success({ text: '', specific: undefined });
}

function refusal(file: string, problem: { line: number; pattern: string; reason: string }): Diagnostic {
  const { line, pattern, reason } = problem;
  return {
    severity: 'error',
    code: 'ignore-pattern',
    message: `"${pattern}" is not a pattern: ${reason}`,
    hint: 'Correct the line, or put # at its very beginning to make it a comment.',
    place: { file, line, column: 1, length: pattern.length },
    source: pattern,
  };
}

async function readIfThere(file: string): Promise<Result<string | undefined>> {
  try {
    return success(await readFile(file, 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return success(undefined);
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'Make it a readable file, or remove it.';
    return failure([plainError('ignore-file-unreadable', `${file} cannot be read: ${reason}.`, hint)]);
  }
}
