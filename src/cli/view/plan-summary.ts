import type { RunPlan } from '../../../task-schemas/index.ts';
import type { DockerfileScan } from '../../core/dockerfile/scan-dockerfile.ts';
import { formatReference, parseImageReference, withDefaultTag } from '../../core/image-reference.ts';
import type { Style } from '../style.ts';

/**
 * What a plan takes and gives, for people: images that it needs, images that it makes, secrets by name, volumes. Ends
 * with a line end; empty when there is nothing of all that.
 * @param scans of the Dockerfiles, by the id of the build step
 */
export function renderPlanSummary(plan: RunPlan, scans: ReadonlyMap<string, DockerfileScan>, style: Style): string {
  const sections: readonly (readonly [string, ReadonlyMap<string, readonly string[]>])[] = [
    ['images in', imagesIn(plan, scans)],
    ['images out', imagesOut(plan)],
    ['secrets', new Map(plan.secrets.map(({ id, keyvault }) => [id, [keyvault]]))],
    ['volumes', new Map(plan.volumes.map(({ name, files }) => [name, files]))],
  ];
  const used = sections.filter(([, entries]) => entries.size > 0);
  const width = Math.max(0, ...used.flatMap(([, entries]) => [...entries.keys()].map((name) => name.length)));
  return used
    .map(([title, entries]) => {
      const lines = [...entries].map(([name, uses]) => `  ${name.padEnd(width)}  ${style.dim(uses.join(', '))}`);
      return `\n${style.bold(title)}\n${lines.map((line) => `${line.trimEnd()}\n`).join('')}`;
    })
    .join('');
}

/** Images that the run makes itself are not among those it needs; one that it only pushes must be there before. */
function imagesIn(plan: RunPlan, scans: ReadonlyMap<string, DockerfileScan>): ReadonlyMap<string, readonly string[]> {
  const made = new Set(plan.steps.flatMap((step) => (step.kind === 'build' ? step.images.map(identity) : [])));
  const uses = createUses();
  const add = (image: string, use: string): void => {
    if (!made.has(identity(image))) uses.add(image, use);
  };
  for (const step of plan.steps) {
    if (step.kind === 'cmd') add(step.image, `run by ${step.id}`);
    if (step.kind === 'push') for (const image of step.images) add(image, `pushed by ${step.id}`);
    const scan = scans.get(step.id);
    if (scan === undefined) continue;
    add(scan.runtimeBase.name, `base of ${step.id}`);
    for (const image of scan.buildtimeBases) add(image.name, `build stage of ${step.id}`);
    for (const image of scan.copiedImages) add(image.name, `copied from by ${step.id}`);
    if (scan.syntax !== undefined) add(scan.syntax.name, `syntax of ${step.id}`);
  }
  return uses.list();
}

function imagesOut(plan: RunPlan): ReadonlyMap<string, readonly string[]> {
  const uses = createUses();
  for (const step of plan.steps) {
    if (step.kind === 'cmd') continue;
    const verb = step.kind === 'build' ? 'built' : 'pushed';
    for (const image of step.images) uses.add(image, `${verb} by ${step.id}`);
  }
  return uses.list();
}

/** Uses of images: names that mean the same image count together and are shown as first written. */
function createUses() {
  const found = new Map<string, { readonly name: string; readonly uses: string[] }>();
  return {
    add(image: string, use: string): void {
      const known = found.get(identity(image));
      if (known === undefined) found.set(identity(image), { name: image, uses: [use] });
      else known.uses.push(use);
    },
    list: () => new Map([...found.values()].map(({ name, uses }): [string, readonly string[]] => [name, uses])),
  };
}

/** One text for all names of an image: `app`, `app:latest` and `docker.io/library/app`. */
function identity(image: string): string {
  const reference = parseImageReference(image);
  return reference.kind === 'valid' ? formatReference(withDefaultTag(reference)) : image;
}
