/** From a task file as read to the plan of a run. */
import type { PlannedSecret, PlannedStep, RunPlan, TaskSecret } from '../../../task-schemas/index.ts';
import type { WorkerPolicy } from '../policy/worker-policy.ts';
import type { RunContext } from '../run/run-context.ts';
import type { Findings } from '../task-file/findings.ts';
import type { ReadTask } from '../task-file/parse.ts';
import type { ReadNetwork } from '../task-file/read-networks.ts';
import type { ReadStep } from '../task-file/read-step.ts';
import type { SourceText } from '../task-file/source-text.ts';
import { buildGraph, type GraphStep } from './graph.ts';
import { DEFAULT_NETWORK, isEngineNetwork, planNetworks } from './networks.ts';
import { planStep } from './plan-step.ts';
import { stepEnvironment, taskEnvironment } from './report-environment.ts';
import { reportGraph } from './report-graph.ts';
import { refusalReporter } from './report-refusal.ts';
import type { StepSetting, TaskSetting } from './step-setting.ts';
import type { SecretsById } from './task-secrets.ts';
import { type UnsupportedSeverity, unsupportedReporter } from './unsupported.ts';

/** What a task gets where it says nothing itself. */
export interface TaskDefaults {
  readonly workingDirectory?: string;
  readonly env?: readonly string[];
  /** Name of an existing network that steps use which name none. */
  readonly network?: string;
}

/** What planning needs besides the file. */
export interface PlanSetting {
  readonly context: RunContext;
  /** What the first word of a `cmd` may stand for. */
  readonly firstWords: ReadonlyMap<string, string>;
  /** What templates read for the secrets of the task: values, or what stands for them. */
  readonly secrets: SecretsById;
  readonly defaults?: TaskDefaults | undefined;
  /** What becomes of parts that no worker carries out yet. */
  readonly unsupported: UnsupportedSeverity;
  /** What the worker that carries the plan out gives to steps; absent: not known here. */
  readonly policy?: WorkerPolicy | undefined;
}

/** Version of the language when a file names none. */
const DEFAULT_VERSION = 'v1.0.0';

/** Seconds a step may take when neither it nor the task says so (reference, section 1.1). */
const DEFAULT_STEP_TIMEOUT = 600;

/** Seconds that a step may take which does not say it itself; nothing positive counts as nothing said. */
export function stepTimeoutOf({ stepTimeout = 0 }: Pick<ReadTask, 'stepTimeout'>): number {
  return stepTimeout > 0 ? stepTimeout : DEFAULT_STEP_TIMEOUT;
}

/** Plans all steps; mistakes go to `findings`, and steps that have one are left out. */
export function planTask(task: ReadTask, source: SourceText, findings: Findings, plan: PlanSetting): RunPlan {
  const { context, firstWords, secrets, defaults = {} } = plan;
  if (task.steps.length === 0) {
    findings.warning('no-steps', { start: 0, end: 0 }, 'The task has no steps: nothing will happen', 'Add steps.');
  }
  const unsupported = unsupportedReporter(findings, plan.unsupported);
  const nodes = task.steps.map(graphStep);
  const { dependsOn, problems } = buildGraph(nodes);
  for (const problem of problems) reportGraph(problem, task.steps, nodes, findings);
  const taskEnv = taskEnvironment(task, defaults.env ?? [], findings);
  const { networks, usual } = planNetworks(
    task.networks.map(({ network }) => network),
    defaults.network,
    context.os,
  );
  const refusal = refusalReporter(findings, source, plan.policy);
  for (const network of task.networks) {
    refuseReservedName(network, findings);
    refusal.network(network);
  }
  const volumes = task.volumes.map(({ name, secret }) => ({ name, files: Object.keys(secret) }));
  const ofTask: TaskSetting = {
    stepTimeout: stepTimeoutOf(task),
    workingDirectory: task.workingDirectory || defaults.workingDirectory,
    networks,
    usualNetwork: usual,
    mountable: { volumes: volumes.map(({ name }) => name), workspace: context.sharedVolume },
    volumes,
    registry: context.registry,
    taskName: context.taskName,
    firstWords,
    secrets,
  };
  const steps = task.steps.map((entry, index): PlannedStep | undefined => {
    if (entry.kind === 'broken') return undefined;
    const env = stepEnvironment(entry, taskEnv, findings);
    const setting: StepSetting = { ...ofTask, id: nodes[index]?.id ?? '', dependsOn: dependsOn[index] ?? [], env };
    const report = { findings, source, places: entry.places, unsupported, refusal };
    return planStep(entry.step, setting, report);
  });
  return {
    runId: context.id,
    version: task.version || DEFAULT_VERSION,
    secrets: task.secrets.map(({ secret }) => plannedSecret(secret)),
    networks: [...networks],
    volumes,
    steps: steps.filter((step) => step !== undefined),
  };
}

/** The engine has networks of these names already, so the reference fails to make them. */
function refuseReservedName({ network: { name, skipCreation }, places }: ReadNetwork, findings: Findings): void {
  if (skipCreation === true || name === DEFAULT_NETWORK || !isEngineNetwork(name)) return;
  const message = `"${name}" is a network that every engine has, so none of this name can be made`;
  const hint = 'Give it another name, or remove it: a step can say "network: none" without it.';
  findings.error('network-reserved-name', places.fields.get('name') ?? places.whole, message, hint);
}

function plannedSecret({ id, keyvault, clientID }: TaskSecret): PlannedSecret {
  return { id, keyvault, ...(clientID === undefined ? {} : { clientId: clientID }) };
}

/** A step without an id is called by its place among all steps. */
function graphStep(entry: ReadStep, index: number): GraphStep {
  const { id, when = [] } = entry.kind === 'step' ? entry.step : entry.said;
  return { id: id || `acb_step_${index}`, when };
}
