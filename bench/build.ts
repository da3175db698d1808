import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bench, Figure, Side, Trial } from './bench.ts';
import type { World } from './world/world.ts';

/** Like a small service: sources, one bigger file, and instructions that make files of their own. */
const DOCKERFILE = `FROM busybox
WORKDIR /service
COPY settings settings
RUN sha256sum settings/* > settings.sum
COPY . .
RUN mkdir -p out && for file in src/*; do gzip -c "$file" > "out/$(basename "$file").gz"; done
RUN sha256sum assets.bin > assets.sum
CMD ["cat", "assets.sum"]
`;
const SOURCES = 200;
const SOURCE_BYTES = 8 * 1024;
const ASSET_BYTES = 8 * 1024 * 1024;

/** An uploaded build with push, against plain docker build and docker push with the same builder and registry. */
export const buildBench: Bench = {
  name: 'build',
  about: 'slipway build of a folder (upload, build, push) through API, queue and worker; docker build && docker push',
  async open(world) {
    return [freshFigure(world), rebuildFigure(world)];
  },
};

/** Nothing is cached on either side: each trial has content of its own. */
function freshFigure(world: World): Figure {
  return {
    name: 'build',
    atMost: 1.5,
    about: `build and push a folder of ${SOURCES + 1} new files, 10 MB`,
    async prepare(side, round) {
      const folder = path.join(world.folder, `context-${side}-${round}`);
      await writeContext(folder);
      return { work: () => build(world, side, folder), check: () => rm(folder, { recursive: true }) };
    },
  };
}

/** The same folder once more: all layers are in the cache and in the registry. */
function rebuildFigure(world: World): Figure {
  return {
    name: 'rebuild',
    about: 'build and push the same folder once more, unchanged',
    async prepare(side, round): Promise<Trial> {
      const folder = path.join(world.folder, `context-${side}-again`);
      if (round === 0) {
        await writeContext(folder);
        await build(world, side, folder);
      }
      return { work: () => build(world, side, folder) };
    },
  };
}

async function writeContext(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'src'), { recursive: true });
  await mkdir(path.join(folder, 'settings'));
  await writeFile(path.join(folder, 'Dockerfile'), DOCKERFILE);
  await writeFile(path.join(folder, 'settings/main.json'), randomBytes(512).toString('hex'));
  await writeFile(path.join(folder, 'assets.bin'), randomBytes(ASSET_BYTES));
  for (let n = 0; n < SOURCES; n += 1) {
    // Hexadecimal digits compress to the half, like sources do to less.
    await writeFile(path.join(folder, 'src', `file-${n}.txt`), randomBytes(SOURCE_BYTES / 2).toString('hex'));
  }
}

async function build(world: World, side: Side, folder: string): Promise<void> {
  if (side === 'ours') return await world.slipway(['build', '-t', 'bench-ours:latest', folder]);
  const image = `${world.parts.registry}/bench-baseline:latest`;
  await world.docker(['build', '-t', image, folder]);
  await world.docker(['push', image]);
}
