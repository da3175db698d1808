import type { Login } from '../core/source/credentials.ts';

/** Which files of which repository are wanted. */
export interface GitRequest {
  /** Anything that `parseGitAddress` takes; a login in it is used for its own host alone and never shown. */
  readonly repository: string;
  /** Branch, tag, commit id (also the first seven or more digits) or `pull/N/head`; absent: the default branch. */
  readonly ref?: string;
  /** A login for the repository's own host, before all that are configured. */
  readonly login?: Login;
  /** What the files of the commit, and what is fetched for them, may take. */
  readonly limits: { readonly maxBytes: number; readonly maxEntries: number };
}

/** What became of a fetch. */
export type GitFetched =
  | {
      readonly kind: 'fetched';
      /** Full id of the commit. */
      readonly commit: string;
      /** The branch, when one was asked for or is the default; else empty. */
      readonly branch: string;
    }
  /** It cannot be had for a reason that the user can mend. */
  | { readonly kind: 'unusable'; readonly message: string; readonly hint: string };

/**
 * Fetches git repositories.
 *
 * - `fetch` fills `folder`, which exists and is empty, with the commit's files, those of its submodules, and `.git`.
 * - Logins go to the host they belong to, never into an argument, a file of the folder, or a note. Keys lie in a folder of
 *   their own beside `folder` while they are used: what holds both is the caller's, and no step sees more than `folder`.
 * - `note` hears sentences for the user's log.
 * - Rejects with `signal.reason` when aborted, after every process that it started is gone; otherwise only for faults.
 */
export interface GitFetcher {
  fetch(request: GitRequest, folder: string, note: (line: string) => void, signal: AbortSignal): Promise<GitFetched>;
}
