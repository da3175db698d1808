import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { finishProgress } from '../engine-stream.ts';
import { findCommand } from '../find-command.ts';
import { RECIPE_VERSION, type Recipe } from './catalogue.ts';
import { cached, inScratchFolder, runProgram, tarOf, type Workshop } from './workshop.ts';

/** Files of a build context by path; `mode` is that of a program. */
type Files = Record<string, string>;

/** Makes an image that is Debian with something on top, and keeps the finished image in the cache for other engines. */
export async function makeOnDebian(shop: Workshop, recipe: Recipe, debian: () => Promise<string>): Promise<void> {
  const [reference] = recipe.references;
  const name = `${reference.replace(':', '-')}-${shop.architecture}-${RECIPE_VERSION}.tar`;
  const tar = await cached(shop, name, async (path) => {
    const base = await debian();
    await inScratchFolder(async (folder) => {
      await fillContext(shop, recipe, base, folder);
      const build = { t: reference, networkmode: 'host', rm: true, forcerm: true, abortSignal: shop.signal };
      await finishProgress(await shop.docker.buildImage(tarOf(shop, folder), build));
    });
    await pipeline(await shop.docker.getImage(reference).get(), createWriteStream(path), { signal: shop.signal });
  });
  await finishProgress(await shop.docker.loadImage(createReadStream(tar), { abortSignal: shop.signal }));
}

async function fillContext(shop: Workshop, recipe: Recipe, base: string, folder: string): Promise<void> {
  if (recipe.kind === 'node') return nodeContext(shop, recipe.major ?? 22, base, folder);
  const files = recipe.kind === 'redis' ? redisFiles(base) : registryFiles(base);
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text, { mode: 0o755 });
}

/** Node's own build out of the npm package node-linux-*, and npm out of its package. */
async function nodeContext(shop: Workshop, major: number, base: string, folder: string): Promise<void> {
  const processor = shop.architecture === 'arm64' ? 'arm64' : 'x64';
  await unpack(shop, `node-linux-${processor}@${major}`, join(folder, 'packed'));
  await unpack(shop, 'npm@10', join(folder, 'usr/local/lib/node_modules/npm'));
  await mkdir(join(folder, 'usr/local/bin'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'));
  await symlink('../lib/node_modules/npm/bin/npx-cli.js', join(folder, 'usr/local/bin/npx'));
  const lines = [
    `FROM ${base}`,
    'COPY packed/bin/node /usr/local/bin/node',
    'COPY usr /usr/',
    // Node brings its own list of CAs; the machine's may have one more.
    'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
    'RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node && node --version',
    'CMD ["node"]',
  ];
  await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
}

async function unpack(shop: Workshop, name: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // npm lives beside the node that runs us, which need not be on the PATH.
  const npm = findCommand(['npm'], `${dirname(process.execPath)}:${shop.env.PATH ?? ''}`) ?? 'npm';
  await inScratchFolder(async (scratch) => {
    const env = { ...shop.env, PATH: `${dirname(process.execPath)}:${shop.env.PATH ?? '/usr/bin:/bin'}` };
    const said = await runProgram(shop, npm, ['pack', name, '--silent', '--ignore-scripts'], { cwd: scratch, env });
    const file = said.trim().split('\n').pop() ?? '';
    await runProgram(shop, 'tar', ['-C', folder, '--strip-components=1', '-xzf', join(scratch, file)]);
  });
}

function withPackage(base: string, name: string): string {
  return `FROM ${base}\nRUN apt-get update && apt-get install -y --no-install-recommends ${name} && rm -rf /var/lib/apt/lists/* /var/cache/apt/*\n`;
}

/** Behaves as Docker Hub's: options alone are options of redis-server, and other hosts may connect. */
function redisFiles(base: string): Files {
  return {
    Dockerfile:
      `${withPackage(base, 'redis-server')}COPY docker-entrypoint.sh /usr/local/bin/\nRUN mkdir -p /data && chown redis:redis /data\n` +
      'VOLUME /data\nWORKDIR /data\nEXPOSE 6379\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["redis-server"]\n',
    'docker-entrypoint.sh':
      '#!/bin/sh\nset -e\ncase "$1" in -* | *.conf) set -- redis-server "$@" ;; esac\n' +
      '[ "$1" = redis-server ] && set -- "$@" --protected-mode no\nexec "$@"\n',
  };
}

/** Behaves as Docker Hub's: a configuration file alone means `registry serve`, images are in /var/lib/registry. */
function registryFiles(base: string): Files {
  const config = {
    version: '0.1',
    storage: { cache: { blobdescriptor: 'inmemory' }, filesystem: { rootdirectory: '/var/lib/registry' } },
    http: { addr: ':5000', headers: { 'X-Content-Type-Options': ['nosniff'] } },
  };
  return {
    Dockerfile:
      `${withPackage(base, 'docker-registry')}RUN ln -s /usr/bin/docker-registry /bin/registry\nCOPY entrypoint.sh /\n` +
      'COPY config.yml /etc/docker/registry/config.yml\nVOLUME /var/lib/registry\nEXPOSE 5000\n' +
      'ENTRYPOINT ["/entrypoint.sh"]\nCMD ["/etc/docker/registry/config.yml"]\n',
    'entrypoint.sh': '#!/bin/sh\nset -e\ncase "$1" in *.yaml | *.yml) set -- registry serve "$@" ;; esac\nexec "$@"\n',
    'config.yml': `${JSON.stringify(config, null, 2)}\n`,
  };
}
