import type { Bench } from './bench.ts';

/** What a run costs beside its steps: one trivial step, against one docker run. */
export const startBench: Bench = {
  name: 'start',
  about: 'a run of one step `busybox true`, from client to client; one docker run --rm busybox true',
  async open(world) {
    return [
      {
        name: 'start',
        about: 'one busybox true',
        prepare: async (side) => ({
          work: () =>
            side === 'ours'
              ? world.slipway(['run', '--cmd', 'busybox true', '/dev/null'])
              : world.docker(['run', '--rm', 'busybox', 'true']),
        }),
      },
    ];
  },
};
