import { cp, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './command.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Compiles Slipway into a folder the way its image is made, and answers the compiled command line: what is measured is
 * what runs in production, not what a checkout does on top of it.
 */
export async function compileSlipway(folder: string, signal: AbortSignal): Promise<string> {
  const dist = path.join(folder, 'dist');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', path.join(root, 'tsconfig.build.json'), '--outDir', dist, '--incremental', 'false'];
  await runCommand(process.execPath, args, { env: process.env, signal });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return path.join(dist, 'src/cli/main.js');
}
