/**
 * The options of `docker run` that may stand before the image in a `cmd` text. What is not in this table is unknown.
 */

import type { FlagRule } from '../words/flags.ts';
import { REFUSED_RUN_FLAGS } from './docker-run-refused.ts';
import type { PortList } from './ports.ts';

/** A flag with what it means for a cmd step. */
export type RunFlag = FlagRule & { readonly effect: RunFlagEffect };

/** `refused` flags are known to Docker but not possible here; `hint` says what to do instead. */
export type RunFlagEffect =
  | { readonly kind: 'env' }
  | { readonly kind: 'ports'; readonly field: PortList }
  | { readonly kind: 'text'; readonly field: 'entrypoint' | 'workingDirectory' | 'user' | 'network' }
  | { readonly kind: 'switch'; readonly field: 'detach' | 'privileged' }
  | { readonly kind: 'volume' }
  | { readonly kind: 'size'; readonly field: 'memoryBytes' | 'shmSizeBytes' }
  | { readonly kind: 'cpus' }
  | { readonly kind: 'pull' }
  /** Without meaning here, and harmless: containers are always removed and never have a terminal. */
  | { readonly kind: 'nothing' }
  /** Without meaning here, but the author may rely on it. */
  | { readonly kind: 'warned'; readonly hint: string }
  | { readonly kind: 'refused'; readonly hint: string };

const NO_MOUNTS = 'The source is in /workspace of every step; mount nothing, or copy what you need there.';
const WORKER_POLICY = 'What a container may do beyond its image is set by the worker, not by the task.';

/** The documented set. */
export const RUN_FLAGS: readonly RunFlag[] = [
  { name: '--env', short: '-e', takes: 'value', effect: { kind: 'env' } },
  { name: '--entrypoint', takes: 'value', effect: { kind: 'text', field: 'entrypoint' } },
  { name: '--workdir', short: '-w', takes: 'value', effect: { kind: 'text', field: 'workingDirectory' } },
  { name: '--user', short: '-u', takes: 'value', effect: { kind: 'text', field: 'user' } },
  { name: '--network', takes: 'value', effect: { kind: 'text', field: 'network' } },
  { name: '--net', takes: 'value', effect: { kind: 'text', field: 'network' } },
  { name: '--publish', short: '-p', takes: 'value', effect: { kind: 'ports', field: 'ports' } },
  { name: '--expose', takes: 'value', effect: { kind: 'ports', field: 'expose' } },
  { name: '--detach', short: '-d', takes: 'switch', effect: { kind: 'switch', field: 'detach' } },
  { name: '--privileged', takes: 'switch', effect: { kind: 'switch', field: 'privileged' } },
  { name: '--memory', short: '-m', takes: 'value', effect: { kind: 'size', field: 'memoryBytes' } },
  { name: '--shm-size', takes: 'value', effect: { kind: 'size', field: 'shmSizeBytes' } },
  { name: '--cpus', takes: 'value', effect: { kind: 'cpus' } },
  { name: '--pull', takes: 'value', effect: { kind: 'pull' } },
  { name: '--volume', short: '-v', takes: 'value', effect: { kind: 'volume' } },
  { name: '--rm', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--interactive', short: '-i', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--tty', short: '-t', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--init', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--sig-proxy', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--quiet', short: '-q', takes: 'switch', effect: { kind: 'nothing' } },
  {
    name: '--name',
    takes: 'value',
    effect: { kind: 'warned', hint: 'Give the step that id instead: its id is its host name.' },
  },
  { name: '--label', short: '-l', takes: 'value', effect: { kind: 'warned', hint: 'Remove it.' } },
  { name: '--mount', takes: 'value', effect: { kind: 'refused', hint: NO_MOUNTS } },
  { name: '--tmpfs', takes: 'value', effect: { kind: 'refused', hint: NO_MOUNTS } },
  { name: '--volumes-from', takes: 'value', effect: { kind: 'refused', hint: NO_MOUNTS } },
  {
    name: '--env-file',
    takes: 'value',
    effect: { kind: 'refused', hint: 'Write the variables under env of the step.' },
  },
  { name: '--link', takes: 'value', effect: { kind: 'refused', hint: 'Steps reach each other by step id.' } },
  {
    name: '--hostname',
    short: '-h',
    takes: 'value',
    effect: { kind: 'refused', hint: 'The step’s id is its host name.' },
  },
  { name: '--restart', takes: 'value', effect: { kind: 'refused', hint: 'Use retries or repeat of the step.' } },
  { name: '--cap-add', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  { name: '--cap-drop', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  { name: '--device', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  { name: '--gpus', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  { name: '--add-host', takes: 'value', effect: { kind: 'refused', hint: 'Steps reach each other by step id.' } },
  { name: '--dns', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  { name: '--ulimit', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  {
    name: '--platform',
    takes: 'value',
    effect: { kind: 'refused', hint: 'All steps run on the platform of the run; leave it out.' },
  },
  { name: '--pid', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  { name: '--ipc', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  { name: '--security-opt', takes: 'value', effect: { kind: 'refused', hint: WORKER_POLICY } },
  ...REFUSED_RUN_FLAGS,
];
