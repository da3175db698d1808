/** What the Dockerfiles of a plan are built from, as far as they are on this machine. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildStep, Diagnostic, RunPlan } from '../../../task-schemas/index.ts';
import { type DockerfileScan, scanDockerfile } from '../../core/dockerfile/scan-dockerfile.ts';
import { isRemote } from '../../core/plan/build-context.ts';
import type { Context } from '../source/context.ts';
import { dockerfileOf } from './dockerfiles-of.ts';

/** The scans by the id of the build step, and what is wrong with the Dockerfiles (as warnings: the task is sound). */
export interface BaseImages {
  readonly scans: ReadonlyMap<string, DockerfileScan>;
  readonly warnings: readonly Diagnostic[];
}

/** Scans the Dockerfiles that lie in the context; those that are not there are left out. */
export async function scanBaseImages(plan: RunPlan, context: Context, platform: string): Promise<BaseImages> {
  const scans = new Map<string, DockerfileScan>();
  const warnings: Diagnostic[] = [];
  for (const step of plan.steps) {
    if (step.kind !== 'build' || isRemote(step.context) || context.kind === 'none') continue;
    const file = dockerfileOf(step);
    const text = await readFile(path.join(context.directory, file), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const scanned = scanDockerfile({ text, fileName: file, ...settingOf(step, platform) });
    if (scanned.ok) scans.set(step.id, scanned.value);
    const found = scanned.ok ? scanned.warnings : scanned.diagnostics;
    warnings.push(...found.map((each): Diagnostic => ({ ...each, severity: 'warning' })));
  }
  return { scans, warnings };
}

function settingOf({ buildArgs, target, platform: own }: BuildStep, platform: string) {
  const platforms = { target: own ?? platform, build: platform };
  return { buildArgs, ...(target === undefined ? {} : { target }), platforms };
}
