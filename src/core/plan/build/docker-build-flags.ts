/** The options of `docker build` that a build text may have. What is not in this table is unknown. */

import type { FlagRule } from '../words/flags.ts';
import type { AttestationFlag } from './build-attestation.ts';

/** A flag with what it means for a build step. */
export type BuildFlag = FlagRule & { readonly effect: BuildFlagEffect };

/** `refused` flags are known to Docker but not possible here; `hint` says what to do instead. */
export type BuildFlagEffect =
  | { readonly kind: 'tag' }
  | { readonly kind: 'pairs'; readonly field: 'buildArgs' | 'labels' }
  /** Images, or `type=registry,ref=IMAGE`. */
  | { readonly kind: 'cache-from' }
  /** `type=registry,ref=IMAGE` or `type=inline`. */
  | { readonly kind: 'cache-to' }
  /** Comma-separated fields, one of which must be there. */
  | { readonly kind: 'fields'; readonly field: 'secrets'; readonly needs: string }
  | { readonly kind: 'list'; readonly field: 'ssh' }
  | { readonly kind: 'hosts' }
  | { readonly kind: 'size' }
  | { readonly kind: 'ulimit' }
  | { readonly kind: 'text'; readonly field: 'file' | 'target' | 'buildNetwork' }
  /** A list with commas. */
  | { readonly kind: 'platforms' }
  | { readonly kind: 'attestation'; readonly of: AttestationFlag }
  | { readonly kind: 'switch'; readonly field: 'noCache' | 'pull' }
  /** Windows only; `default` is what there is. */
  | { readonly kind: 'isolation' }
  /** About the look of the output or what happens anyway. */
  | { readonly kind: 'nothing' }
  /** Without effect here, but the author may rely on it. */
  | { readonly kind: 'warned'; readonly hint: string }
  | { readonly kind: 'refused'; readonly hint: string };

const NOT_YET = 'This option is not supported yet; leave it out.';
const NOT_LIMITED = 'What a build may use is set by the worker; leave it out.';
const BY_WORKER = 'What a build may use is set by the worker, not by the task; leave it out.';

/** The documented set. */
export const BUILD_FLAGS: readonly BuildFlag[] = [
  { name: '--tag', short: '-t', takes: 'value', effect: { kind: 'tag' } },
  { name: '--file', short: '-f', takes: 'value', effect: { kind: 'text', field: 'file' } },
  { name: '--build-arg', takes: 'value', effect: { kind: 'pairs', field: 'buildArgs' } },
  { name: '--label', takes: 'value', effect: { kind: 'pairs', field: 'labels' } },
  { name: '--target', takes: 'value', effect: { kind: 'text', field: 'target' } },
  { name: '--platform', takes: 'value', effect: { kind: 'platforms' } },
  { name: '--network', takes: 'value', effect: { kind: 'text', field: 'buildNetwork' } },
  { name: '--cache-from', takes: 'value', effect: { kind: 'cache-from' } },
  { name: '--cache-to', takes: 'value', effect: { kind: 'cache-to' } },
  { name: '--secret', takes: 'value', effect: { kind: 'fields', field: 'secrets', needs: 'id' } },
  { name: '--ssh', takes: 'value', effect: { kind: 'list', field: 'ssh' } },
  { name: '--add-host', takes: 'value', effect: { kind: 'hosts' } },
  { name: '--shm-size', takes: 'value', effect: { kind: 'size' } },
  { name: '--ulimit', takes: 'value', effect: { kind: 'ulimit' } },
  { name: '--no-cache', takes: 'switch', effect: { kind: 'switch', field: 'noCache' } },
  { name: '--pull', takes: 'switch', effect: { kind: 'switch', field: 'pull' } },
  { name: '--quiet', short: '-q', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--rm', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--force-rm', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--load', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--progress', takes: 'value', effect: { kind: 'nothing' } },
  { name: '--compress', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--disable-content-trust', takes: 'switch', effect: { kind: 'nothing' } },
  { name: '--builder', takes: 'value', effect: { kind: 'nothing' } },
  { name: '--provenance', takes: 'value', effect: { kind: 'attestation', of: 'provenance' } },
  { name: '--sbom', takes: 'value', effect: { kind: 'attestation', of: 'sbom' } },
  { name: '--attest', takes: 'value', effect: { kind: 'attestation', of: 'any' } },
  { name: '--push', takes: 'switch', effect: { kind: 'refused', hint: 'Add a step: - push: [IMAGE]' } },
  { name: '--output', short: '-o', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--build-context', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--no-cache-filter', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--metadata-file', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--iidfile', takes: 'value', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--squash', takes: 'switch', effect: { kind: 'refused', hint: NOT_YET } },
  { name: '--memory', short: '-m', takes: 'value', effect: { kind: 'warned', hint: NOT_LIMITED } },
  { name: '--memory-swap', takes: 'value', effect: { kind: 'warned', hint: NOT_LIMITED } },
  { name: '--cpu-shares', short: '-c', takes: 'value', effect: { kind: 'warned', hint: NOT_LIMITED } },
  { name: '--cpu-period', takes: 'value', effect: { kind: 'warned', hint: NOT_LIMITED } },
  { name: '--cpu-quota', takes: 'value', effect: { kind: 'warned', hint: NOT_LIMITED } },
  { name: '--cpuset-cpus', takes: 'value', effect: { kind: 'warned', hint: NOT_LIMITED } },
  { name: '--cpuset-mems', takes: 'value', effect: { kind: 'warned', hint: NOT_LIMITED } },
  { name: '--allow', takes: 'value', effect: { kind: 'refused', hint: BY_WORKER } },
  { name: '--isolation', takes: 'value', effect: { kind: 'isolation' } },
  { name: '--security-opt', takes: 'value', effect: { kind: 'refused', hint: BY_WORKER } },
  { name: '--cgroup-parent', takes: 'value', effect: { kind: 'refused', hint: BY_WORKER } },
];
