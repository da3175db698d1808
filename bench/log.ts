import { createReadStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench, Trial } from './bench.ts';
import type { World } from './world/world.ts';

const LINES = 1_000_000;

/** A long log: a step that prints a million lines, until the client has them all, against `docker run … | wc -l`. */
export const logBench: Bench = {
  name: 'log',
  about: `a step that prints ${LINES} lines, until the client has them all; docker run --rm busybox seq ${LINES} | wc -l`,
  async open(world) {
    const taskFile = path.join(world.folder, 'log.yaml');
    await writeFile(taskFile, `version: v1.1.0\nsteps:\n  - id: print\n    cmd: busybox seq ${LINES}\n`);
    return [
      {
        name: 'log',
        atMost: 1,
        about: `${LINES} lines from a container to the client`,
        prepare: (side) => (side === 'ours' ? ours(world, taskFile) : baseline(world)),
      },
    ];
  },
};

async function ours(world: World, taskFile: string): Promise<Trial> {
  const printed = path.join(world.folder, 'log.txt');
  const output = await open(printed, 'w');
  return {
    work: () => world.slipway(['run', '-f', taskFile, '/dev/null'], { stdout: output.fd }),
    async check() {
      await output.close();
      await checkLines(printed);
    },
  };
}

async function baseline(world: World): Promise<Trial> {
  const count = `count=$("$DOCKER" run --rm busybox seq ${LINES} | wc -l); [ "$count" -eq ${LINES} ]`;
  return { work: () => world.shell(count) };
}

/** Every line has to be there, once and in order, and whole. */
async function checkLines(file: string): Promise<void> {
  let next = 1;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!line.startsWith('[print] ') || /^\[print\] \D/.test(line)) continue;
    if (line !== `[print] ${next}`)
      throw new Error(`After line ${next - 1} the client was given ${JSON.stringify(line)}.`);
    next += 1;
  }
  if (next !== LINES + 1) throw new Error(`The client was given ${next - 1} lines instead of ${LINES}.`);
}
