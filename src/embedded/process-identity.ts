import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process for all time: a pid alone is reused by the system, pid and start time together are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for two readings of the same process, different for any other process that ever has this pid. */
  readonly born: string;
}

/** The identity of the living process `pid`; undefined when there is none (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | undefined {
  const born = process.platform === 'linux' ? bornOnLinux(pid) : bornElsewhere(pid);
  return born ? { pid, born } : undefined;
}

/** Whether exactly this process, and not a later one with its pid, is still alive. */
export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.born === process.born;
}

/** Sends `signal` to this process if it is still the same one; never to a stranger who got its pid. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // It ended between the look and the call, which is what the caller wants.
  }
}

/** proc(5): field 3 is the state and field 22 the start time in ticks since boot; field 2 may hold spaces and brackets. */
function bornOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bornElsewhere(pid: number): string | undefined {
  try {
    const shown = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return shown === '' || shown.startsWith('Z') ? undefined : shown.slice(shown.indexOf(' ') + 1);
  } catch {
    return undefined;
  }
}
