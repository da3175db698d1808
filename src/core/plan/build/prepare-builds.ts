import type { BuildStep, Diagnostic, Run, RunPlan } from '../../../../task-schemas/index.ts';
import { plainWarning } from '../../diagnostic.ts';
import { type Result, success } from '../../result.ts';
import type { RunContext } from '../../run/run-context.ts';
import { shownAddress } from '../../source/git-address.ts';
import { originLabels } from './image-labels.ts';
import { withLayerCache, withoutLayerCache } from './layer-cache.ts';

/** What the operator of a worker says about all builds. */
export interface BuildSettings {
  /** Whether layers travel from run to run through the registry. */
  readonly layerCache: boolean;
  /** Whether images get labels that say where they are from. */
  readonly imageLabels: boolean;
  /** Whether images get a list of their packages (SBOM) where a step says nothing of it and the engine can. */
  readonly sbom: boolean;
}

/** What holds where nobody says otherwise. */
export const USUAL_BUILDS: BuildSettings = { layerCache: true, imageLabels: true, sbom: false };

/** The plan of a run as a worker carries it out: with its layer cache, and with labels and lists of packages on what it builds. */
export function prepareBuilds(plan: RunPlan, run: Run, context: RunContext, settings: BuildSettings): Result<RunPlan> {
  const cached = settings.layerCache ? withLayerCache(plan, context.taskName) : withoutLayerCache(plan);
  const { request } = run;
  const anew = request.noCache === true;
  const isLabelled = settings.imageLabels && request.imageLabels !== false;
  const sourceUrl = request.source.kind === 'git' ? shownAddress(request.source.repository) : '';
  const origin = { runId: context.id, sourceUrl, revision: context.commit };
  const common: Pick<BuildStep, 'ownLabels' | 'revision'> = {
    ...(context.commit === '' ? {} : { revision: context.commit }),
    ...(isLabelled ? { ownLabels: [...originLabels(origin)] } : {}),
  };
  const sbom: Pick<BuildStep, 'sbom'> = settings.sbom ? { sbom: '' } : {};
  const steps = cached.steps.map((step) =>
    step.kind === 'build' ? { ...sbom, ...step, ...common, noCache: step.noCache || anew } : step,
  );
  return success({ ...cached, steps }, settings.layerCache ? [] : withoutCache(plan));
}

function withoutCache({ steps }: RunPlan): readonly Diagnostic[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'build' || step.cache?.kind !== 'kept') return [];
    const message = `Step "${step.id}" has cache: enabled, but this worker keeps layers on its engine only`;
    return [plainWarning('cache-without-effect', message, 'The operator can change that: SLIPWAY_LAYER_CACHE=on.')];
  });
}
