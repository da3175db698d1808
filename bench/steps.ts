import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bench } from './bench.ts';

const STEPS = 20;

/** What a step costs: a run of trivial steps, one after the other, against as many containers of a shell loop. */
export const stepsBench: Bench = {
  name: 'steps',
  about: `a run of ${STEPS} sequential steps \`busybox true\`, from client to client; a shell loop of docker run --rm`,
  async open(world) {
    const taskFile = path.join(world.folder, 'steps.yaml');
    await writeFile(taskFile, `version: v1.1.0\nsteps:\n${'  - cmd: busybox true\n'.repeat(STEPS)}`);
    const loop = `n=0; while [ $n -lt ${STEPS} ]; do "$DOCKER" run --rm busybox true || exit 1; n=$((n + 1)); done`;
    return [
      {
        name: 'steps',
        atMost: 0.5,
        about: `${STEPS} × busybox true`,
        prepare: async (side) => ({
          work: () => (side === 'ours' ? world.slipway(['run', '-f', taskFile, '/dev/null']) : world.shell(loop)),
        }),
      },
    ];
  },
};
