import { posix } from 'node:path';
import { type FunctionTable, fixed } from './signature.ts';

/** Paths with slashes, by Go's rules; computation only, no file is looked at. */
export const PATHS: FunctionTable = new Map([
  ['base', fixed(['string'], ([path]) => base(path))],
  ['dir', fixed(['string'], ([path]) => clean(path.slice(0, path.lastIndexOf('/') + 1)))],
  ['clean', fixed(['string'], ([path]) => clean(path))],
  ['ext', fixed(['string'], ([path]) => extension(path))],
  ['isAbs', fixed(['string'], ([path]) => path.startsWith('/'))],
]);

function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

function base(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) === '/') end--;
  return end === 0 ? '/' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

/** From the last dot of the last part on: all of `.profile`, unlike in Node. */
function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') ? name.slice(name.lastIndexOf('.')) : '';
}
