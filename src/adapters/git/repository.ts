import { shownAddress } from '../../core/source/git-address.ts';
import type { GitRequest } from '../../ports/git-fetcher.ts';
import { type GitSetting, gitEnvironment } from './environment.ts';
import { whileSmall } from './folder-watch.ts';
import type { Reached } from './reach.ts';
import { type GitCall, type GitEnd, runGit } from './run-git.ts';
import { UnusableRepository } from './unusable.ts';

/** A repository in a folder of this machine that is being filled from a remote one. */
export interface Repository {
  readonly folder: string;
  readonly remote: string;
  readonly isSmart: boolean;
  /** The remote one, for messages. */
  readonly shown: string;
  /** Runs git in the folder; how it ended is the caller's business. Rejects as `runGit` does. */
  git(args: readonly string[], onOutput?: GitCall['onOutput']): Promise<GitEnd>;
  /**
   * Runs git in the folder, with settings of this command alone, and stops it when what it fetches gets too large. Throws
   * `UnusableRepository` then.
   */
  download(args: readonly string[], settings?: readonly GitSetting[]): Promise<GitEnd>;
  /** Runs git, and throws when it fails: for what cannot fail by anybody's mistake. */
  must(args: readonly string[]): Promise<string>;
}

/** Opens the repository that `git init` is about to make in `folder`. */
export function openRepository(
  { access, remote, isSmart }: Reached,
  folder: string,
  { maxBytes }: GitRequest['limits'],
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Repository {
  const usual = gitEnvironment(access, env);
  const shown = shownAddress(remote);
  const run = (args: readonly string[], limit: AbortSignal, onOutput?: GitCall['onOutput'], environment = usual) =>
    runGit(args, { folder, env: environment, ...(onOutput === undefined ? {} : { onOutput }) }, limit);
  return {
    folder,
    remote,
    isSmart,
    shown,
    git: (args, onOutput) => run(args, signal, onOutput),
    async download(args, settings = []) {
      const environment = gitEnvironment(access, env, settings);
      const work = (limit: AbortSignal) => run(args, limit, undefined, environment);
      const end = await whileSmall(`${folder}/.git`, maxBytes, work, signal);
      if (end !== 'too-large') return end;
      throw tooLarge(`The repository ${shown} has more than ${maxBytes} bytes to fetch`);
    },
    async must(args) {
      const { code, stdout, stderr } = await run(args, signal);
      if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}: ${stderr.trim()}`);
      return stdout;
    },
  };
}

/** The limits of the worker are passed; `what` is the beginning of the sentence. */
export function tooLarge(what: string): UnusableRepository {
  const hint = 'Use a smaller repository, or raise SLIPWAY_MAX_SOURCE_BYTES of the workers if it is the bytes.';
  return new UnusableRepository(`${what}, the limit of this worker.`, hint);
}
