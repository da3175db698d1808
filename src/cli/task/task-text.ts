import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { plainError } from '../../core/diagnostic.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { type FileOption, findFile } from '../source/find-file.ts';
import { quickTask } from './quick-task.ts';

/** A task file's text and the name it has in messages and in lists of runs. */
export interface TaskText {
  readonly text: string;
  readonly name: string;
}

/** Where a task comes from: a file (`-` is standard input) or one command. */
export interface TaskOrigin {
  readonly file?: string;
  readonly cmd?: string;
}

/** Reads the task that the options name. Files are looked for in each of `folders` in turn. */
export async function readTaskText(
  { file, cmd }: TaskOrigin,
  folders: readonly string[],
  stdin: Readable,
): Promise<Result<TaskText>> {
  if (file !== undefined && cmd !== undefined) {
    return failure([plainError('two-tasks', 'Both -f and --cmd are given.', 'Give one of them.')]);
  }
  if (cmd !== undefined) {
    if (cmd.trim() !== '') return success({ text: quickTask(cmd), name: '--cmd' });
    return failure([
      plainError('empty-command', '--cmd is empty.', "Give an image and its arguments: --cmd 'alpine ls'"),
    ]);
  }
  if (file === undefined) {
    const hint = "Give one with -f task.yaml, or a single command with --cmd 'IMAGE ARGS'.";
    return failure([plainError('no-task', 'No task is given.', hint)]);
  }
  if (file === '-') return decode(await readAll(stdin), 'stdin');
  return await readTextFile({ what: 'The task file', option: '-f' }, file, folders);
}

/** Reads a text file that an option names. */
export async function readTextFile(
  option: FileOption,
  given: string,
  folders: readonly string[],
): Promise<Result<TaskText>> {
  const found = await findFile(option, given, folders);
  if (!found.ok) return found;
  try {
    return decode(await readFile(found.value), given);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure([
      plainError('file-unreadable', `${option.what} cannot be read: ${reason}.`, 'Check its permissions.'),
    ]);
  }
}

function decode(bytes: Uint8Array, name: string): Result<TaskText> {
  try {
    return success({ text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), name });
  } catch {
    return failure([plainError('not-text', `${name} is not text in UTF-8.`, 'Give a YAML file saved as UTF-8.')]);
  }
}

async function readAll(stdin: Readable): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
