import { cp, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './command.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Compiles Slipway into a folder the way its image is made, and answers the compiled command line: what is measured is
 * what runs in production, not what a checkout does on top of it.
 */
export async function compileSlipway(folder: string, signal: AbortSignal): Promise<string> {
  const entry = path.join(folder, 'dist/src/cli');
  await runCommand('npm', ['run', '--silent', 'build', '--', `--outdir=${entry}`], {
    env: process.env,
    cwd: root,
    signal,
  });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return path.join(entry, 'main.js');
}
