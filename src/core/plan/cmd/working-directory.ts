import { posix } from 'node:path';

/** Where the run's source is in every container. */
export const WORKSPACE = '/workspace';

/** The directory a step's container starts in: absolute paths as they are, others below the workspace; cleaned. */
export function resolveWorkingDirectory(path: string | undefined): string {
  const joined = path?.startsWith('/') ? posix.normalize(path) : posix.join(WORKSPACE, path ?? '');
  return joined.length > 1 ? joined.replace(/\/$/, '') : joined;
}

/**
 * A path as seen from the workspace (`.` for itself); undefined when it leads out of it.
 * @param from absolute directory that a relative path starts at
 */
export function withinWorkspace(path: string, from: string): string | undefined {
  const absolute = posix.resolve('/', from, path);
  if (absolute === WORKSPACE) return '.';
  return absolute.startsWith(`${WORKSPACE}/`) ? absolute.slice(WORKSPACE.length + 1) : undefined;
}
