/** What to write instead when a cmd text needs a shell: the same line, with the shell inside the container. */
import { RUN_FLAGS } from './docker-run-flags.ts';
import { readFlags } from './flags.ts';
import { splitWords } from './shell-words.ts';

/** The line that does in the container what the operator at `at` would need a shell on the worker for. */
export function cureInContainer(text: string, at: number): string {
  const cure = rewrite(text, at);
  return cure === undefined
    ? 'Put the whole command in quotes after IMAGE sh -c.'
    : `Run a shell in the container:\ncmd: ${cure}`;
}

/** The line with everything after the image as one quoted word for a shell; undefined when there is no image before. */
function rewrite(text: string, at: number): string | undefined {
  const before = splitWords(text.slice(0, at));
  if (before.kind !== 'words') return undefined;
  const image = readFlags(before.words, RUN_FLAGS, 'leading').rest[0];
  if (image === undefined) return undefined;
  const head = text.slice(0, image.end).trim();
  const script = withoutShell(text.slice(image.end).trim());
  const isBash = /(?:^|\/)bash(?:[:@].*)?$/.test(image.value);
  const quoted = `'${script.replaceAll("'", `'\\''`)}'`;
  const line = `${head} ${isBash ? '-c' : 'sh -c'} ${quoted}`;
  return line.includes('\n') ? `|\n  ${line.replaceAll('\n', '\n  ')}` : line;
}

/** `sh -c echo a | cat` lacks only its quotes. */
function withoutShell(script: string): string {
  return script.replace(/^(?:(?:\/usr)?(?:\/bin\/)?(?:ba|da|a)?sh\s+)?-e?c\s+/, '');
}
