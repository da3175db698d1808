import { findVersion } from '../../../src/core/task-file/alias/version-line.ts';
import { removeCommentLines } from '../../../src/core/task-file/comment-lines.ts';

/** The version line of a task: `{ text }` → `{ version }`. */
export function versionOutcome({ text }: Readonly<Record<string, unknown>>): unknown {
  return { version: findVersion(removeCommentLines(String(text)).text) };
}
