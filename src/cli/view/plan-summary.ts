import type { RunPlan } from '../../../task-schemas/index.ts';
import type { DockerfileScan } from '../../core/dockerfile/scan-dockerfile.ts';
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

/** Images that the run makes itself before it uses them are not among those it needs. */
function imagesIn(plan: RunPlan, scans: ReadonlyMap<string, DockerfileScan>): ReadonlyMap<string, readonly string[]> {
  const made = new Set(plan.steps.flatMap((step) => (step.kind === 'build' ? step.images : [])));
  const uses = new Map<string, string[]>();
  const add = (image: string, use: string): void => {
    if (!made.has(image)) uses.set(image, [...(uses.get(image) ?? []), use]);
  };
  for (const step of plan.steps) {
    if (step.kind === 'cmd') add(step.image, `run by ${step.id}`);
    const scan = scans.get(step.id);
    if (scan === undefined) continue;
    add(scan.runtimeBase.name, `base of ${step.id}`);
    for (const image of scan.buildtimeBases) add(image.name, `build stage of ${step.id}`);
    for (const image of scan.copiedImages) add(image.name, `copied from by ${step.id}`);
    if (scan.syntax !== undefined) add(scan.syntax.name, `syntax of ${step.id}`);
  }
  return uses;
}

function imagesOut(plan: RunPlan): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const step of plan.steps) {
    if (step.kind === 'cmd') continue;
    const verb = step.kind === 'build' ? 'built' : 'pushed';
    for (const image of step.images) uses.set(image, [...(uses.get(image) ?? []), `${verb} by ${step.id}`]);
  }
  return uses;
}
