import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Below the ranges from which Linux, macOS and Windows take the ports of outgoing connections. */
const LOWEST = 21_000;
const COUNT = 8_000;

/**
 * A free TCP port of 127.0.0.1. `fixed` is taken or refused; otherwise the port this `directory` had the last time, if it
 * is still free, and else a new one, which is remembered there: addresses that contain the port survive a restart.
 */
export async function choosePort(directory: string, fixed: number | undefined, what: string): Promise<number> {
  if (fixed !== undefined) {
    if (await isFree(fixed)) return fixed;
    throw new Error(
      `Port ${fixed} of 127.0.0.1, wanted for ${what}, is in use. Stop what listens there, or give another port.`,
    );
  }
  const file = join(directory, 'port');
  const last = Number(await readFile(file, 'utf8').catch(() => ''));
  const port = last > 0 && (await isFree(last)) ? last : await newPort();
  await writeFile(file, String(port));
  return port;
}

async function newPort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `No free port was found on 127.0.0.1 between ${LOWEST} and ${LOWEST + COUNT}. Stop some services and try again.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}
