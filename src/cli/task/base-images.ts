/** What the Dockerfiles of a plan are built from, as far as they are on this machine. */
import type { BuildStep, Diagnostic, RunPlan } from '../../../task-schemas/index.ts';
import { plainWarning } from '../../core/diagnostic.ts';
import { type DockerfileScan, scanDockerfile } from '../../core/dockerfile/scan-dockerfile.ts';
import { isRemote } from '../../core/plan/build/build-context.ts';
import type { LocalContext } from '../source/context.ts';
import { readInContext } from '../source/read-in-context.ts';
import { dockerfileOf } from './dockerfiles-of.ts';

/** The scans by the id of the build step, and what is wrong with the Dockerfiles (as warnings: the task is sound). */
export interface BaseImages {
  readonly scans: ReadonlyMap<string, DockerfileScan>;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Scans the Dockerfiles that lie in the context. One that cannot be read draws a warning, because its build will fail;
 * one that is not there only does if the context is meant as the source of the task: a plan needs no source, and the
 * folder in which somebody happens to be is none unless a Dockerfile of the plan lies in it.
 * @param isGiven whether the context was named, and is not just the current folder
 */
export async function scanBaseImages(
  plan: RunPlan,
  context: LocalContext,
  platform: string,
  isGiven: boolean,
): Promise<BaseImages> {
  const scans = new Map<string, DockerfileScan>();
  const warnings: Diagnostic[] = [];
  const missing: Diagnostic[] = [];
  let isSource = isGiven;
  for (const step of plan.steps) {
    if (step.kind !== 'build' || isRemote(step.context) || context.kind === 'none') continue;
    const file = dockerfileOf(step);
    const read = await readInContext(context.directory, file);
    isSource ||= read.kind !== 'missing';
    if (read.kind === 'missing') missing.push(notThere(file, context.given));
    if (read.kind === 'unreadable') warnings.push(unreadable(file, read));
    if (read.kind !== 'text') continue;
    const scanned = scanDockerfile({ text: read.text, fileName: file, ...settingOf(step, platform) });
    if (scanned.ok) scans.set(step.id, scanned.value);
    const found = scanned.ok ? scanned.warnings : scanned.diagnostics;
    warnings.push(...found.map((each): Diagnostic => ({ ...each, severity: 'warning' })));
  }
  return { scans, warnings: [...(isSource ? missing : []), ...warnings] };
}

function notThere(file: string, context: string): Diagnostic {
  const hint = 'The build fails unless a step before it writes this file. /dev/null as CONTEXT means no source.';
  return plainWarning('dockerfile-missing', `The Dockerfile "${file}" is not in ${context}`, hint);
}

function unreadable(file: string, { reason, hint }: { readonly reason: string; readonly hint: string }): Diagnostic {
  return plainWarning('dockerfile-unreadable', `The Dockerfile "${file}" cannot be read: ${reason}`, hint);
}

function settingOf({ buildArgs, target, platforms: [own] = [] }: BuildStep, platform: string) {
  const platforms = { target: own ?? platform, build: platform };
  return { buildArgs, ...(target === undefined ? {} : { target }), platforms };
}
