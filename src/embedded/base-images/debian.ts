import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePackages, NEEDS } from '../packages.ts';
import { RECIPE_VERSION, SUITE } from './catalogue.ts';
import { cached, importImage, inScratchFolder, runProgram, type Workshop } from './workshop.ts';

/** Makes the debian image with debootstrap, from the mirror that this machine's apt uses. About half a minute, then cached. */
export async function makeDebian(shop: Workshop, reference: string): Promise<void> {
  const tar = await cached(shop, `debian-${SUITE}-${shop.architecture}-${RECIPE_VERSION}.tar`, async (path) => {
    const mirrors = await aptMirrors(shop);
    const needs = { install: shop.install, env: shop.env, onNotice: shop.onNotice };
    await ensurePackages([NEEDS.debootstrap, NEEDS.certificates], needs, shop.signal);
    await inScratchFolder((root) => makeRoot(shop, root, mirrors, path));
  });
  await importImage(shop, tar, reference, ['CMD ["bash"]', 'ENV DEBIAN_FRONTEND=noninteractive']);
}

/** Where Debian's packages come from: the release itself, and its updates where the machine has them. */
interface Mirrors {
  readonly main: string;
  readonly security: string | undefined;
}

async function aptMirrors(shop: Workshop): Promise<Mirrors> {
  const shown = await runProgram(shop, 'apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE)',
    'Created-By: Packages',
  ]).catch(() => '');
  const mirrors = chooseMirrors(shown);
  if (mirrors) return mirrors;
  throw new Error(
    'The image debian can not be made here: the apt of this machine, if it has one, knows no Debian mirror. ' +
      'Let the Docker Engine reach Docker Hub, or load the image (docker load) before the next try.',
  );
}

/** Picks the mirrors out of lines of "address release" as apt tells them; undefined when there is no Debian among them. */
export function chooseMirrors(shown: string): Mirrors | undefined {
  const targets = shown.split('\n').map((line) => line.replace(/\/ /, ' ').split(' '));
  const main = targets.find(([address]) => address?.endsWith('/debian'))?.[0];
  const security = targets.find(([, release]) => release?.endsWith('-security'))?.[0];
  return main ? { main, security } : undefined;
}

async function makeRoot(shop: Workshop, root: string, mirrors: Mirrors, tar: string): Promise<void> {
  await chmod(root, 0o755);
  const packages = '--include=ca-certificates';
  await runProgram(shop, 'debootstrap', ['--variant=minbase', packages, SUITE, root, mirrors.main]);
  await slim(root);
  await writeSettings(shop, root, mirrors);
  // Device files come from the engine at run time, and the pseudo file systems are mounted there.
  const without = ['./dev/*', './proc/*', './sys/*'].map((pattern) => `--exclude=${pattern}`);
  await runProgram(shop, 'tar', ['-C', root, '--numeric-owner', '-cf', tar, ...without, '.']);
}

/** What Docker Hub's "slim" variants leave out too. */
const UNWANTED = ['/usr/share/doc', '/usr/share/man', '/usr/share/locale', '/usr/share/info'];

async function slim(root: string): Promise<void> {
  for (const folder of ['/var/cache/apt/archives', '/var/lib/apt/lists', '/var/log', ...UNWANTED]) {
    await rm(join(root, folder), { recursive: true, force: true });
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const folder of ['/var/cache/apt/archives/partial', '/var/lib/apt/lists/partial'])
    await mkdir(join(root, folder));
  const rules = UNWANTED.map((folder) => `path-exclude=${folder}/*\n`).join('');
  await mkdir(join(root, 'etc/dpkg/dpkg.cfg.d'), { recursive: true });
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/slim'), rules);
}

/** Lets apt and TLS inside the image reach what this machine reaches: same mirror, same apt settings, same CAs. */
async function writeSettings(shop: Workshop, root: string, { main, security }: Mirrors): Promise<void> {
  const sources = [`deb ${main} ${SUITE} main`, `deb ${main} ${SUITE}-updates main`];
  if (security) sources.push(`deb ${security} ${SUITE}-security main`);
  await writeFile(join(root, 'etc/apt/sources.list'), `${sources.join('\n')}\n`);
  const dumped = await runProgram(shop, 'apt-config', ['dump']);
  await writeFile(
    join(root, 'etc/apt/apt.conf.d/90machine'),
    `${aptSettings(dumped)}APT::Install-Recommends "false";\n`,
  );
  await copyFile('/etc/ssl/certs/ca-certificates.crt', join(root, 'etc/ssl/certs/ca-certificates.crt'));
  const own = '/usr/local/share/ca-certificates'; // so that update-ca-certificates in the image keeps them
  if (existsSync(own)) await cp(own, join(root, own), { recursive: true });
  await writeFile(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 }); // no services in an image
  await writeFile(join(root, 'etc/resolv.conf'), '');
  await rm(join(root, 'etc/hostname'), { force: true });
}

/** Of all apt settings, those that decide whether a mirror is reached and believed. `dumped` is what `apt-config dump` says. */
export function aptSettings(dumped: string): string {
  const lines = dumped.split('\n').filter((line) => /^Acquire::(Check-(Valid-Until|Date)|https?::Proxy) "/.test(line));
  return lines.map((line) => `${line}\n`).join('');
}
