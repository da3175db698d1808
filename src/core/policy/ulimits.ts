/** Which limits of processes (`--ulimit`) a policy gives. */
import type { Ulimit } from '../plan/words/option-values.ts';

/**
 * The hard limits that the Linux kernel itself gives the first process (`INIT_RLIMITS`) where they are finite: an engine
 * gives no less unless its operator lowered them. To ask for so much raises nothing; whatever is not here has no limit.
 */
const OF_EVERY_PROCESS: ReadonlyMap<string, number> = new Map([
  ['nofile', 4096],
  ['memlock', 64 * 1024],
  ['msgqueue', 819_200],
  ['nice', 0],
  ['rtprio', 0],
  ['sigpending', 0],
]);

/** Whether a limit is at most what every process has, or what is allowed. */
export function allowsUlimit({ name, hard }: Ulimit, allowed: readonly Ulimit[]): boolean {
  const most = [
    OF_EVERY_PROCESS.get(name) ?? -1,
    ...allowed.filter((each) => each.name === name).map((each) => each.hard),
  ];
  return most.some((limit) => limit === -1 || (hard !== -1 && hard <= limit));
}

/** `nofile=1024:2048`, as `--ulimit` takes it. */
export function writeUlimit({ name, soft, hard }: Ulimit): string {
  return soft === hard ? `${name}=${hard}` : `${name}=${soft}:${hard}`;
}
