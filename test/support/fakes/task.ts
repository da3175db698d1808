import type { Task } from '../../../task-schemas/index.ts';

/** A task of one step, as it was first stored, with the given parts changed. */
export function aTask(parts: Partial<Task> = {}): Task {
  return {
    name: 'nightly',
    request: { kind: 'encoded-task', source: { kind: 'none' }, taskText: 'steps:\n  - cmd: busybox true\n' },
    enabled: true,
    secretNames: { set: [], buildArgs: [] },
    createdAt: 1_000,
    updatedAt: 1_000,
    revision: 1,
    ...parts,
  };
}
