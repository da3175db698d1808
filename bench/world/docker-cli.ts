import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The first version whose client leaves BuildKit to its plugin buildx. */
const NEEDS_BUILDX = 23;

/**
 * The docker client for the baseline: the first one in PATH that builds with BuildKit, as ours does. Rejects when there
 * is none.
 */
export async function findDockerCli(env: NodeJS.ProcessEnv): Promise<string> {
  const folders = [...(env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute), '/usr/bin'];
  const found = [...new Set(folders)].map((folder) => path.join(folder, 'docker')).filter(isExecutable);
  for (const docker of found) if (await buildsWithBuildKit(docker, env)) return docker;
  const what = found.length === 0 ? 'There is no docker client' : `No buildx plugin is there for ${found.join(', ')}`;
  throw new Error(
    `${what}: the baseline needs a docker client that builds with BuildKit (on Debian: docker.io 20.10).`,
  );
}

async function buildsWithBuildKit(docker: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { stdout } = await execute(docker, ['--version'], { env });
  const major = Number(/version (\d+)\./.exec(stdout)?.[1]);
  if (major < NEEDS_BUILDX) return true;
  return execute(docker, ['buildx', 'version'], { env }).then(
    () => true,
    () => false,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
