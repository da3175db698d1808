import type { RunPlan } from '../../../task-schemas/index.ts';
import { isRemote } from '../../core/plan/build-context.ts';

/** Paths of the Dockerfiles that the builds of a plan read from the source: they are sent even if they are ignored. */
export function dockerfilesOf(plan: RunPlan): readonly string[] {
  const paths: string[] = [];
  for (const step of plan.steps) {
    if (step.kind !== 'build' || isRemote(step.context)) continue;
    const file = step.dockerfile.startsWith('/') ? step.dockerfile.slice(1) : `${step.context}/${step.dockerfile}`;
    paths.push(
      file
        .split('/')
        .filter((part) => part !== '' && part !== '.')
        .join('/'),
    );
  }
  return paths;
}
