import { gitEnvironment } from './environment.ts';
import { runGit } from './run-git.ts';

/** Older ones overlook `http.curloptResolve`: they would look a host up once more and go where nobody has looked. */
const OLDEST = [2, 37] as const;

/**
 * Makes a check that the git of this machine does all that we ask of it; what was found out is kept. It rejects with a
 * fault that says which git is there, or with `signal.reason` when aborted. `folder` is any that exists.
 */
export function createGitCheck(
  env: Readonly<Record<string, string | undefined>>,
): (folder: string, signal: AbortSignal) => Promise<void> {
  let isGood = false;
  return async (folder, signal) => {
    if (isGood) return;
    const { stdout } = await runGit(['version'], { folder, env: gitEnvironment(undefined, env) }, signal);
    if (!isNewEnough(stdout)) {
      throw new Error(
        `This worker has "${stdout.trim()}", and fetching needs git ${OLDEST.join('.')} or newer: older ones do not keep to the addresses that were looked at. Update git on the worker.`,
      );
    }
    isGood = true;
  };
}

/** Reads what `git version` prints, such as `git version 2.39.5 (Apple Git-154)`. */
export function isNewEnough(printed: string): boolean {
  const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(printed) ?? [];
  const [oldestMajor, oldestMinor] = OLDEST;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}
