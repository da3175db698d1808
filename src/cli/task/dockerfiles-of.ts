import type { BuildStep, RunPlan } from '../../../task-schemas/index.ts';
import { isRemote } from '../../core/plan/build/build-context.ts';

/** Paths of the Dockerfiles that the builds of a plan read from the source: they are sent even if they are ignored. */
export function dockerfilesOf(plan: RunPlan): readonly string[] {
  return plan.steps.flatMap((step) => (step.kind === 'build' && !isRemote(step.context) ? [dockerfileOf(step)] : []));
}

/** The path in the source of the Dockerfile of a build whose context is there. */
export function dockerfileOf({ context, dockerfile }: BuildStep): string {
  const file = dockerfile.startsWith('/') ? dockerfile.slice(1) : `${context}/${dockerfile}`;
  return file
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
