export function nodeVersionProblem(version: string): string | undefined;

/** What both lock files have in common, of which only this much is looked at. */
interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly integrity?: string;
        readonly link?: boolean;
        readonly optional?: boolean;
        readonly devOptional?: boolean;
      }
    >
  >;
}

export function installReason(lock: LockFile, installed: LockFile | undefined): string | undefined;
