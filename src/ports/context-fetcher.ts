/** What a build's context text has led to. `folder` and `directory` are absolute and without links. */
export type FetchedContext =
  | {
      readonly kind: 'fetched';
      /** All that was fetched. It is the caller's now: he may move it. */
      readonly folder: string;
      /** The part of it that is the context, relative to it; `.` is all. */
      readonly directory: string;
      /** Id of the commit, when it comes from git. */
      readonly commit?: string;
    }
  /** It cannot be had for a reason that the user can mend. */
  | { readonly kind: 'unusable'; readonly message: string; readonly hint: string };

/**
 * Fetches the context of a build: a git repository, an archive or an artifact, as its text says (task language, section
 * 6.5). May be asked several times at once. `note` hears sentences for the user's log; what is secret in the text is in
 * none of them. Rejects with `signal.reason` when aborted, otherwise only for faults.
 */
export type ContextFetcher = (
  context: string,
  note: (line: string) => void,
  signal: AbortSignal,
) => Promise<FetchedContext>;
