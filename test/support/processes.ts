import { readdir, readFile } from 'node:fs/promises';

/** Command lines of the processes of this machine that have a text in them. Linux only. */
export async function processesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes(text)) found.push(words.replaceAll('\0', ' '));
  }
  return found;
}
