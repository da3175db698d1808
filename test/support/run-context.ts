import type { RunContext } from '../../src/core/run/run-context.ts';

/** A run context with fixed contents; fields given replace them. */
export function testContext(given: Partial<RunContext> = {}): RunContext {
  return {
    id: 'r1234567',
    registry: 'localhost:5000',
    date: Date.UTC(2020, 0, 2, 3, 4, 5),
    commit: '',
    branch: '',
    repository: '',
    gitTag: '',
    triggeredBy: 'manual',
    taskName: '',
    os: 'linux',
    osVersion: '',
    architecture: 'amd64',
    sharedVolume: '',
    ...given,
  };
}
