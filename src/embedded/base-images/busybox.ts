import { chmod, copyFile, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand } from '../find-command.ts';
import { MissingPartsError, NEEDS, whyNoApt } from '../packages.ts';
import { cached, importImage, inScratchFolder, runProgram, tarOf, type Workshop } from './workshop.ts';

/** Makes the busybox image out of one static program and a link for each of its applets. */
export async function makeBusybox(shop: Workshop, reference: string): Promise<void> {
  const program = await staticBusybox(shop);
  const applets = (await runProgram(shop, program, ['--list']))
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  await inScratchFolder(async (root) => {
    for (const folder of ['bin', 'etc', 'home', 'root', 'tmp', 'usr/bin', 'usr/sbin', 'var/spool', 'var/www']) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await chmod(join(root, 'tmp'), 0o1777);
    await copyFile(program, join(root, 'bin/busybox'));
    await chmod(join(root, 'bin/busybox'), 0o755);
    for (const applet of applets) await symlink('busybox', join(root, 'bin', applet));
    await symlink('/bin/env', join(root, 'usr/bin/env')); // the usual first line of scripts names it there
    await writeFile(
      join(root, 'etc/passwd'),
      'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
    );
    await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
    const changes = ['CMD ["sh"]', 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    await importImage(shop, tarOf(shop, root), reference, changes);
  });
}

/**
 * A static busybox: the machine's own, or the one of Debian's package, unpacked and not installed, because installing it
 * would take the place of the dynamic one that some machines have.
 */
async function staticBusybox(shop: Workshop): Promise<string> {
  const own = findCommand(['busybox'], shop.env.PATH);
  if (own && (await isStatic(own))) return own;
  return cached(shop, `busybox-${shop.architecture}`, async (path) => {
    const why = whyNoApt(shop.install, shop.env);
    if (why) throw new MissingPartsError([NEEDS.busybox], why);
    shop.onNotice('Fetching the package busybox-static (apt-get download).');
    await inScratchFolder(async (folder) => {
      // apt fetches as the user _apt where it can.
      await chmod(folder, 0o777);
      const download = () => runProgram(shop, 'apt-get', ['-q', 'download', 'busybox-static'], { cwd: folder });
      await download().catch(async () => {
        await runProgram(shop, 'apt-get', ['-q', 'update']);
        await download();
      });
      await runProgram(shop, 'sh', ['-c', 'dpkg -x busybox-static_*.deb unpacked'], { cwd: folder });
      await copyFile(join(folder, 'unpacked/bin/busybox'), path).catch(() =>
        copyFile(join(folder, 'unpacked/usr/bin/busybox'), path),
      );
      await chmod(path, 0o755);
    });
  });
}

/** Whether an ELF program asks for no interpreter (PT_INTERP, elf(5)), which is what the dynamic loader is. */
async function isStatic(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const header = Buffer.alloc(4096);
    await handle.read(header, 0, header.length, 0);
    if (header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2) return false; // not ELF, or not 64 bit
    const [start, size, count] = [Number(header.readBigUInt64LE(32)), header.readUInt16LE(54), header.readUInt16LE(56)];
    for (let i = 0; i < count && start + i * size + 4 <= header.length; i++) {
      if (header.readUInt32LE(start + i * size) === 3) return false;
    }
    return true;
  } finally {
    await handle.close();
  }
}
