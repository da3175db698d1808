/** What steps of every kind are planned with, and what they have in common. */
import type {
  BuildTaskStep,
  CmdTaskStep,
  PlannedMount,
  PlannedNetwork,
  RunPlan,
  TaskStep,
} from '../../../task-schemas/index.ts';
import type { Findings } from '../task-file/findings.ts';
import { atMostADay } from '../task-file/limits.ts';
import { parseMountPath } from '../task-file/mount-path.ts';
import type { StepPlaces } from '../task-file/read-step.ts';
import type { SourceText, Span } from '../task-file/source-text.ts';
import { findingsWithin, type TextFindings } from '../task-file/text-findings.ts';
import type { Mountable } from './cmd/cmd-volumes.ts';
import type { ReportRefusal } from './report-refusal.ts';
import type { SecretsById } from './task-secrets.ts';
import type { ReportUnsupported } from './unsupported.ts';

/** What every step gets from its task. `stepTimeout` in seconds. */
export interface TaskSetting {
  readonly stepTimeout: number;
  readonly workingDirectory: string | undefined;
  /** The run's networks, and the one of steps that name none. */
  readonly networks: readonly PlannedNetwork[];
  readonly usualNetwork: string | undefined;
  readonly mountable: Mountable;
  /** The volumes of the task with the names of their files. */
  readonly volumes: RunPlan['volumes'];
  /** Of the run; both may be empty. */
  readonly registry: string;
  readonly taskName: string;
  /** What the first word of a `cmd` may stand for; empty: the file has no aliases. */
  readonly firstWords: ReadonlyMap<string, string>;
  /** What templates read for the secrets of the task: values, or what stands for them. */
  readonly secrets: SecretsById;
}

/** What a step gets from its task and from its place in the graph. */
export interface StepSetting extends TaskSetting {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly env: readonly string[];
}

/** Where a step's findings go and where its parts stand. */
export interface StepReport {
  readonly findings: Findings;
  readonly source: SourceText;
  readonly places: StepPlaces;
  readonly unsupported: ReportUnsupported;
  readonly refusal: ReportRefusal;
}

/** Seconds between attempts when a step says nothing, or nothing positive (reference, section 1.2). */
const DEFAULT_RETRY_DELAY = 5;

/** What every planned step has. */
export function commonOf(step: TaskStep, { id, dependsOn, stepTimeout }: StepSetting) {
  return {
    id,
    dependsOn: [...dependsOn],
    timeoutSeconds: atMostADay(positive(step.timeout) ?? stepTimeout),
    startDelaySeconds: atMostADay(positive(step.startDelay) ?? 0),
    retries: step.retries ?? 0,
    retryDelaySeconds: atMostADay(positive(step.retryDelay) ?? DEFAULT_RETRY_DELAY),
    retryOnErrors: step.retryOnErrors ?? [],
    repeat: step.repeat ?? 0,
    ignoreErrors: step.ignoreErrors ?? false,
  };
}

/** Nothing positive counts as nothing said. */
export function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

/** The mounts of a step, as planned; a path that is wrong is a finding already. */
export function mountsOf({ volumeMounts = [] }: CmdTaskStep | BuildTaskStep): readonly PlannedMount[] {
  return volumeMounts.map(({ name, mountPath }) => {
    const read = parseMountPath(mountPath);
    if (read.kind === 'wrong') return { volume: name, path: mountPath, readOnly: false };
    return { volume: name, path: read.path, readOnly: read.readOnly };
  });
}

/** Where a property of the step stands. */
export function placeOf(field: string, { places }: StepReport): Span {
  return places.fields.get(field) ?? places.whole;
}

/** Findings about a text of the step. */
export function textOf(field: string, value: string, report: StepReport): TextFindings {
  return findingsWithin(report.findings, report.source.text, placeOf(field, report), value);
}
