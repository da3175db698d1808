import { withPushedDigests } from '../../src/core/dependency/pushed-digests.ts';
import type { BuildReport, ImageDependencies, OutputImage, PlannedStep } from '../../task-schemas/index.ts';

/** What the builds of a run depend on, as far as it is known. */
export interface FoundDependencies {
  /** Takes in what the build of a step told. */
  built(step: string, build: BuildReport): void;
  /** Takes in what was pushed. */
  pushed(image: OutputImage): void;
  /** Of one build step; images that were pushed meanwhile have their digest. Empty when it built nothing. */
  of(step: string): readonly ImageDependencies[];
}

/** Knows nothing to begin with. */
export function createFoundDependencies(): FoundDependencies {
  const byStep = new Map<string, readonly ImageDependencies[]>();
  const images: OutputImage[] = [];
  return {
    built: (step, { dependencies }) => void byStep.set(step, dependencies),
    pushed: (image) => void images.push(image),
    of: (step) => withPushedDigests(byStep.get(step) ?? [], images),
  };
}

/** The lines about dependencies at the end of a run (task language, section 7); none when nothing was built. */
export function dependencyLines(
  steps: readonly PlannedStep[],
  found: FoundDependencies,
): readonly { readonly text: string; readonly step?: string }[] {
  const built = steps.filter(({ id }) => found.of(id).length > 0);
  if (built.length === 0) return [];
  const lines = built.flatMap(({ id }) => [
    { text: `Populating digests for step ID: ${id}...`, step: id },
    { text: `Successfully populated digests for step ID: ${id}`, step: id },
  ]);
  const report = JSON.stringify(built.flatMap(({ id }) => found.of(id)));
  return [...lines, { text: 'The following dependencies were found:' }, { text: report }];
}
