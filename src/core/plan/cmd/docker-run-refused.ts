/** Options of `docker run` that no step can have, by what to do instead. */
import type { FlagRule } from '../words/flags.ts';

/** An option that is known to Docker but not possible here; `hint` says what to do instead. */
export type RefusedFlag = FlagRule & { readonly effect: { readonly kind: 'refused'; readonly hint: string } };

const LEAVE_OUT = 'Nothing of a step needs it; leave it out.';
const HEALTH = 'A step counts as started when its container is; let the next step wait for what it needs.';
const HOST_NAME = 'Steps reach each other by step id.';
const CPUS = 'Use --cpus, or cpus of the step.';
const MEMORY = 'Use --memory.';
const LOGS = 'The output of a step is the log of the run; leave it out.';
const STOPPING = 'A container is stopped by the worker; use timeout of the step.';
const MOUNTS = 'The source is in /workspace of every step; mount nothing, or copy what you need there.';
const WORKER_POLICY = 'What a container may do beyond its image is set by the worker, not by the task.';

const VALUES: readonly (readonly [hint: string, names: string])[] = [
  [MOUNTS, '--volume-driver --storage-opt'],
  [HEALTH, '--health-cmd --health-interval --health-retries --health-start-interval --health-start-period'],
  [HEALTH, '--health-timeout'],
  [HOST_NAME, '--domainname --ip --ip6 --link-local-ip --mac-address --network-alias --net-alias'],
  [CPUS, '--cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime'],
  [CPUS, '--cpuset-cpus --cpuset-mems'],
  [MEMORY, '--kernel-memory --memory-reservation --memory-swap --memory-swappiness'],
  [LOGS, '--log-driver --log-opt'],
  [STOPPING, '--stop-signal --stop-timeout'],
  [LEAVE_OUT, '--annotation --cidfile --detach-keys --label-file'],
  ['Write isolation of the step.', '--isolation'],
  [WORKER_POLICY, '--blkio-weight --blkio-weight-device --device-cgroup-rule --device-read-bps --device-read-iops'],
  [WORKER_POLICY, '--device-write-bps --device-write-iops --io-maxbandwidth --io-maxiops --cgroup-parent --cgroupns'],
  [WORKER_POLICY, '--dns-opt --dns-option --dns-search --group-add --oom-score-adj --pids-limit --runtime --sysctl'],
  [WORKER_POLICY, '--userns --uts'],
];

const SWITCHES: readonly (readonly [hint: string, names: string])[] = [
  [HEALTH, '--no-healthcheck'],
  [LEAVE_OUT, '--disable-content-trust --help'],
  [WORKER_POLICY, '--oom-kill-disable --read-only --use-api-socket'],
];

/** All of them that have no other place in the table of `docker run`. */
export const REFUSED_RUN_FLAGS: readonly RefusedFlag[] = [
  ...VALUES.flatMap(([hint, names]) => refusedFlags(names, 'value', hint)),
  ...SWITCHES.flatMap(([hint, names]) => refusedFlags(names, 'switch', hint)),
  { name: '--attach', short: '-a', takes: 'value', effect: { kind: 'refused', hint: LOGS } },
  { name: '--cpu-shares', short: '-c', takes: 'value', effect: { kind: 'refused', hint: CPUS } },
  {
    name: '--publish-all',
    short: '-P',
    takes: 'switch',
    effect: { kind: 'refused', hint: 'Name each port: -p 8080:80.' },
  },
];

function refusedFlags(names: string, takes: FlagRule['takes'], hint: string): readonly RefusedFlag[] {
  return names.split(' ').map((name) => ({ name, takes, effect: { kind: 'refused', hint } }));
}
