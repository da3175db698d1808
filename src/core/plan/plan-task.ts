/** From a task file as read to the plan of a run. */
import type { PlannedStep, RunPlan, TaskStep } from '../../../task-schemas/index.ts';
import { expandFirstWord } from '../task-file/alias/expand.ts';
import type { Findings } from '../task-file/findings.ts';
import type { ReadTask } from '../task-file/parse.ts';
import type { ReadStep } from '../task-file/read-step.ts';
import type { SourceText, Span } from '../task-file/source-text.ts';
import { unreachable } from '../unreachable.ts';
import { mergeEnvironment } from './environment.ts';
import { buildGraph, type GraphProblem, type GraphStep } from './graph.ts';
import { planStep, type StepSetting } from './plan-step.ts';

/** What a task gets where it says nothing itself. */
export interface TaskDefaults {
  readonly workingDirectory?: string;
  readonly env?: readonly string[];
}

/** What planning needs besides the file. */
export interface PlanSetting {
  readonly runId: string;
  /** What the first word of a `cmd` may stand for. */
  readonly firstWords: ReadonlyMap<string, string>;
  readonly defaults?: TaskDefaults | undefined;
}

/** Version of the language when a file names none. */
const DEFAULT_VERSION = 'v1.0.0';

/** Seconds a step may take when neither it nor the task says so (reference, section 1.1). */
const DEFAULT_STEP_TIMEOUT = 600;

/** Plans all steps; mistakes go to `findings`, and steps that have one are left out. */
export function planTask(task: ReadTask, source: SourceText, findings: Findings, plan: PlanSetting): RunPlan {
  const { runId, firstWords, defaults = {} } = plan;
  if (task.steps.length === 0) {
    findings.warning('no-steps', { start: 0, end: 0 }, 'The task has no steps: nothing will happen', 'Add steps.');
  }
  const nodes = task.steps.map(graphStep);
  const { dependsOn, problems } = buildGraph(nodes);
  for (const problem of problems) reportGraph(problem, task.steps, nodes, findings);
  const taskEnv = taskEnvironment(task, defaults, findings);
  const stepTimeout = task.stepTimeout !== undefined && task.stepTimeout > 0 ? task.stepTimeout : DEFAULT_STEP_TIMEOUT;
  const steps = task.steps.map((entry, index): PlannedStep | undefined => {
    if (entry.kind === 'broken') return undefined;
    const setting: StepSetting = {
      id: nodes[index]?.id ?? '',
      dependsOn: dependsOn[index] ?? [],
      env: stepEnvironment(entry, taskEnv, findings),
      stepTimeout,
      workingDirectory: task.workingDirectory || defaults.workingDirectory,
    };
    return planStep(withFirstWord(entry.step, firstWords), setting, { findings, source, places: entry.places });
  });
  return { runId, version: task.version || DEFAULT_VERSION, steps: steps.filter((step) => step !== undefined) };
}

function withFirstWord(step: TaskStep, firstWords: ReadonlyMap<string, string>): TaskStep {
  return step.kind === 'cmd' ? { ...step, cmd: expandFirstWord(step.cmd, firstWords) } : step;
}

/** A step without an id is called by its place among all steps. */
function graphStep(entry: ReadStep, index: number): GraphStep {
  const id = entry.kind === 'step' ? entry.step.id : entry.id;
  return { id: id || `acb_step_${index}`, when: entry.kind === 'step' ? (entry.step.when ?? []) : [] };
}

function reportGraph(
  problem: GraphProblem,
  steps: readonly ReadStep[],
  nodes: readonly GraphStep[],
  findings: Findings,
): void {
  const { places } = steps[problem.step] ?? {
    places: { whole: { start: 0, end: 0 }, fields: new Map<string, Span>() },
  };
  const { id, when } = nodes[problem.step] ?? { id: '', when: [] };
  const at = (field: string): Span => places.fields.get(field) ?? places.whole;
  const who = `The step "${id}"`;
  switch (problem.kind) {
    case 'duplicate-id':
      findings.error(
        'step-id-duplicate',
        at('id'),
        `The id "${id}" is used by a step above`,
        'Give each step an id of its own.',
      );
      return;
    case 'self':
      findings.error(
        'step-self-dependency',
        at(`when.${problem.entry}`),
        `${who} waits for itself`,
        'Name the steps that must come before it.',
      );
      return;
    case 'below': {
      const message = `${who} waits for "${when[problem.entry]}", which is further down in the file`;
      findings.error(
        'step-unknown-dependency',
        at(`when.${problem.entry}`),
        message,
        'A step can only wait for steps above it: move that step up.',
      );
      return;
    }
    case 'unknown': {
      const name = when[problem.entry] ?? '';
      const message =
        name === ''
          ? `${who} waits for a step without a name`
          : `${who} waits for "${name}", which is not a step above it`;
      const above = nodes.slice(0, problem.step).map((node) => node.id);
      const list =
        above.length === 0
          ? 'There is no step above it; write when: ["-"] to start at once.'
          : `Above it are: ${above.join(', ')}.`;
      findings.error(
        'step-unknown-dependency',
        at(`when.${problem.entry}`),
        message,
        problem.near === undefined ? list : `Did you mean "${problem.near}"?`,
      );
      return;
    }
    default:
      unreachable(problem);
  }
}

function taskEnvironment(task: ReadTask, defaults: TaskDefaults, findings: Findings): readonly string[] {
  const own = task.env ?? [];
  const merged = mergeEnvironment(own, defaults.env ?? []);
  const wrong = own.findIndex((entry) => entry.split(',').some((piece) => !piece.includes('=')));
  if (wrong >= 0) {
    const span = task.fields.get(`env.${wrong}`) ?? { start: 0, end: 0 };
    const hint =
      'Write KEY=VALUE. At the task, commas separate variables; a value with a comma belongs to the env of a step.';
    findings.error('env-invalid', span, `"${own[wrong]}" is not a list of KEY=VALUE`, hint);
    return [];
  }
  if (merged.kind === 'merged') return merged.env;
  findings.error(
    'env-invalid',
    { start: 0, end: 0 },
    `The default variable "${merged.piece}" has no =`,
    'Write KEY=VALUE.',
  );
  return [];
}

function stepEnvironment(
  entry: ReadStep & { readonly kind: 'step' },
  inherited: readonly string[],
  findings: Findings,
): readonly string[] {
  if (entry.step.kind === 'push') return [];
  const own = entry.step.env ?? [];
  const span = (index: number): Span => entry.places.fields.get(`env.${index}`) ?? entry.places.whole;
  const merged = mergeEnvironment(own, inherited);
  if (merged.kind === 'invalid') {
    findings.error('env-invalid', span(merged.index), `"${merged.piece}" has no =`, 'Write KEY=VALUE.');
    return [];
  }
  own.forEach((variable, index) => {
    if (variable.includes('=')) return;
    const message = `"${variable}" has no value: the container does not get this variable`;
    findings.warning('env-without-value', span(index), message, `Write ${variable}=VALUE.`);
  });
  return merged.env;
}
