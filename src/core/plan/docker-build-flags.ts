/** The options of `docker build` that a build text may have. What is not in this table is unknown. */
import type { FlagRule } from './flags.ts';

/** A flag with what it means for a build step. */
export type BuildFlag = FlagRule & { readonly effect: BuildFlagEffect };

/** `refused` flags are known to Docker but not possible here; `hint` says what to do instead. */
export type BuildFlagEffect =
  | { readonly kind: 'tag' }
  | { readonly kind: 'pairs'; readonly field: 'buildArgs' | 'labels' }
  | { readonly kind: 'list'; readonly field: 'cacheFrom' }
  | { readonly kind: 'text'; readonly field: 'file' | 'target' | 'platform' | 'network' }
  | { readonly kind: 'switch'; readonly field: 'noCache' | 'pull' }
  /** About the look of the output or what happens anyway. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly hint: string };

const NOT_YET = 'This option is not supported yet; leave it out.';
const BY_WORKER = 'What a build may use is set by the worker, not by the task; leave it out.';

/** The documented set. */
export const BUILD_FLAGS: readonly BuildFlag[] = [
  { name: '--tag', short: '-t', takes: 'value', effect: { kind: 'tag' } },
  { name: '--file', short: '-f', takes: 'value', effect: { kind: 'text', field: 'file' } },
  { name: '--build-arg', takes: 'value', effect: { kind: 'pairs', field: 'buildArgs' } },
  { name: '--label', takes: 'value', effect: { kind: 'pairs', field: 'labels' } },
  { name: '--target', takes: 'value', effect: { kind: 'text', field: 'target' } },
  { name: '--platform', takes: 'value', effect: { kind: 'text', field: 'platform' } },
  { name: '--network', takes: 'value', effect: { kind: 'text', field: 'network' } },
  { name: '--cache-from', takes: 'value', effect: { kind: 'list', field: 'cacheFrom' } },
  { name: '--no-cache', takes: 'switch', effect: { kind: 'switch', field: 'noCache' } },
  { name: '--pull', takes: 'switch', effect: { kind: 'switch', field: 'pull' } },
  { name: '--quiet', short: '-q', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--rm', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--force-rm', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--load', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--progress', takes: 'value', effect: { kind: 'nothing' } },
  { name: '--push', takes: 'switch', effect: { kind: 'refused', hint: 'Add a step: - push: [IMAGE]' } },
  { name: '--output', short: '-o', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--secret', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--ssh', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--cache-to', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--build-context', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--add-host', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--shm-size', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--ulimit', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--iidfile', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--squash', takes: 'switch', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--memory', short: '-m', takes: 'value', effect: { kind: 'refused', hint: BY_WORKER } },
  { name: '--isolation', takes: 'value', effect: { kind: 'refused', hint: BY_WORKER } },
  { name: '--security-opt', takes: 'value', effect: { kind: 'refused', hint: BY_WORKER } },
  { name: '--cgroup-parent', takes: 'value', effect: { kind: 'refused', hint: BY_WORKER } },
];
