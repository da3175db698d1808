import type { Readable } from 'node:stream';
import { CTRL_C } from '../follow/interrupt.ts';
import { Interrupted } from '../interruptible.ts';
import type { Screen } from '../screen.ts';
import type { Terminal } from '../terminal.ts';

/** All of standard input as text. */
export async function readTokenFromStdin(stdin: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

/** Asks for a token without showing it; undefined when nobody can be asked. Ctrl-C rejects with `Interrupted`. */
export async function askToken(terminal: Terminal, screen: Screen): Promise<string | undefined> {
  const { keyboard } = terminal;
  if (keyboard === undefined || !terminal.stderr.isTerminal) return undefined;
  await screen.err('Token (not shown): ');
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = '';
      const release = keyboard.listen((key) => {
        if (key === CTRL_C) finish(() => reject(new Interrupted('SIGINT')));
        else if (key === '\r' || key === '\n') finish(() => resolve(typed));
        else if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1);
        else typed += key;
      });
      const finish = (settle: () => void) => {
        release();
        settle();
      };
    });
  } finally {
    await screen.err('\n');
  }
}
