import type { Output } from '../terminal.ts';
import { harmless } from './harmless.ts';

/** Copies a log as it comes: byte for byte to a file or pipe, line by line and made harmless to a terminal. */
export async function copyLog(
  log: ReadableStream<Uint8Array>,
  output: Pick<Output, 'isTerminal' | 'colours'>,
  print: (text: string | Uint8Array) => Promise<void>,
): Promise<void> {
  if (!output.isTerminal) {
    for await (const part of log) await print(part);
    return;
  }
  let rest = '';
  for await (const text of log.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    await print(lines.map((line) => `${harmless(line, output.colours)}\n`).join(''));
  }
  await print(harmless(rest, output.colours));
}

/** How many lines a log has; each ends with \n. */
export async function countLines(log: ReadableStream<Uint8Array>): Promise<number> {
  let lines = 0;
  for await (const part of log) {
    for (let at = part.indexOf(NEWLINE); at >= 0; at = part.indexOf(NEWLINE, at + 1)) lines += 1;
  }
  return lines;
}

const NEWLINE = 10;
