/** Folders of the worker's machine in containers: who may see which. */
import { posix } from 'node:path';
import type { HostMount, WorkerPolicy } from './worker-policy.ts';

/** Whether what a mount names is a path of the worker's machine and no volume: names of volumes have no slash. */
export function isHostPath(volume: string): boolean {
  return volume.startsWith('/');
}

/** Whether a path is the socket of a Docker Engine, wherever that lies. */
export function isDockerSocket(path: string): boolean {
  return posix.basename(path) === 'docker.sock';
}

/**
 * Whether a policy lets steps mount a path. A folder that steps can write to may hold links that lead anywhere, and the
 * engine follows them: nothing below such a folder may be mounted by itself.
 */
export function allowsHostMount(path: string, readOnly: boolean, { hostMounts }: WorkerPolicy): boolean {
  const isBelow = (mount: HostMount) => path.startsWith(mount.path === '/' ? '/' : `${mount.path}/`);
  if (hostMounts.some((mount) => !mount.readOnly && path !== mount.path && isBelow(mount))) return false;
  return hostMounts.some((mount) =>
    mount.readOnly ? readOnly && (path === mount.path || isBelow(mount)) : path === mount.path,
  );
}

/** Reads `/PATH[:ro]` of a policy; undefined when it is no absolute path. */
export function parseHostMount(text: string): HostMount | undefined {
  const [, path, readOnly] = /^(\/[^:]*)(:ro)?$/.exec(text) ?? [];
  if (path === undefined) return undefined;
  const normal = posix.normalize(path);
  return { path: normal === '/' ? '/' : normal.replace(/\/$/, ''), readOnly: readOnly !== undefined };
}
