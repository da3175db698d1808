import { isMap, type Node } from 'yaml';
import type { TaskStep, VolumeMount } from '../../../task-schemas/index.ts';
import { unreachable } from '../unreachable.ts';
import { type FieldSpans, type Fields, type FieldTable, isNull, readFields } from './fields.ts';
import { readMounts } from './read-volumes.ts';
import type { Span } from './source-text.ts';
import { describeNode, spanOf } from './yaml-document.ts';
import type { YamlReader } from './yaml-map.ts';

const COMMON = {
  id: 'string',
  when: 'strings',
  timeout: 'integer',
  startDelay: 'integer',
  ignoreErrors: 'boolean',
  retries: 'integer',
  retryDelay: 'integer',
  retryOnErrors: 'strings',
  repeat: 'integer',
  cache: 'string',
} as const satisfies FieldTable;

const CONTAINER = {
  env: 'strings',
  workingDirectory: 'string',
  disableWorkingDirectoryOverride: 'boolean',
  detach: 'boolean',
  keep: 'boolean',
  privileged: 'boolean',
  user: 'string',
  network: 'string',
  isolation: 'string',
  cpus: 'string',
  ports: 'strings',
  expose: 'strings',
} as const satisfies FieldTable;

const CMD_ONLY = {
  entryPoint: 'string',
  pull: 'boolean',
  cmdDownloadRetries: 'integer',
  cmdDownloadRetryDelay: 'integer',
} as const satisfies FieldTable;

/** Read for their types and then without effect, as in the reference. */
const WITHOUT_EFFECT = { exitedWith: 'integers', exitedWithout: 'integers' } as const satisfies FieldTable;

const STEP = {
  cmd: 'string',
  build: 'string',
  push: 'strings',
  ...COMMON,
  ...CONTAINER,
  ...CMD_ONLY,
  ...WITHOUT_EFFECT,
  volumeMounts: 'node',
} as const satisfies FieldTable;

/** What a step says, of whatever kind. */
export type StepFields = Fields<typeof STEP>;

/** Where a step and its properties stand; `whole` is its first line's part. */
export interface StepPlaces {
  readonly whole: Span;
  readonly fields: FieldSpans;
}

/**
 * An entry of `steps`: a step that is what it says, or one whose finding says why it is not. The latter keeps its
 * place and what it says, so that its other mistakes are found too, and references to it are not reported as well.
 * `dropped` is what a step of that kind has no use for.
 */
export type ReadStep =
  | { readonly kind: 'step'; readonly step: TaskStep; readonly dropped: StepFields; readonly places: StepPlaces }
  | { readonly kind: 'broken'; readonly said: StepFields; readonly places: StepPlaces };

/** Reads one entry of `steps`, which stands at `place`; `volumes` are the names it may mount. */
export function readStep(reader: YamlReader, item: Node | null, place: Span, volumes: ReadonlySet<string>): ReadStep {
  if (!isMap(item)) return refuseEntry(reader, item, place);
  const { values, spans, wrong } = readFields(reader, item, STEP, 'A step');
  const places = { whole: spanOf(item.items[0]?.key as Node | undefined, reader.text), fields: spans };
  const mounts = readMounts(reader, values.volumeMounts, volumes, (values.push?.length ?? 0) > 0);
  const kind = kindOf(reader, values, wrong, places);
  if (kind === undefined) return { kind: 'broken', said: values, places };
  warnWithoutEffect(reader, kind, values, spans);
  const step = stepOf(kind, values, mounts);
  return { kind: 'step', step, dropped: droppedFrom(values, step), places };
}

function refuseEntry(reader: YamlReader, item: Node | null, place: Span): ReadStep {
  const hint = 'Write - cmd: IMAGE ARGUMENTS, - build: … or - push: [IMAGE].';
  if (isNull(item)) reader.findings.error('step-missing-type', place, 'This step is empty', hint);
  else {
    const message = `A step is a map with cmd, build or push, but this is ${describeNode(item)}`;
    reader.findings.error('yaml-type', place, message, hint);
  }
  return { kind: 'broken', said: {}, places: { whole: place, fields: new Map() } };
}

type Kind = TaskStep['kind'];
const KINDS = ['cmd', 'build', 'push'] as const satisfies readonly Kind[];

/** An empty text or list counts as absent; one of the wrong type (`wrong`) is a finding already. */
function kindOf(
  reader: YamlReader,
  values: StepFields,
  wrong: ReadonlySet<string>,
  { whole, fields }: StepPlaces,
): Kind | undefined {
  const present = KINDS.filter((kind) => (values[kind]?.length ?? 0) > 0);
  const [first, second] = present;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    const message = `A step does one thing, but this one has ${present.join(' and ')}`;
    reader.findings.error('step-multiple-types', fields.get(`${second}:`) ?? whole, message, 'Make a step of each.');
  } else if (!KINDS.some((kind) => wrong.has(kind))) {
    reader.findings.error(
      'step-missing-type',
      whole,
      'This step has nothing to do: it needs cmd, build or push',
      'Write cmd: IMAGE ARGUMENTS, build: … or push: [IMAGE].',
    );
  }
  return undefined;
}

function stepOf(kind: Kind, values: StepFields, mounts: readonly VolumeMount[]): TaskStep {
  const common = pick(values, COMMON);
  const container = { ...pick(values, CONTAINER), ...(mounts.length === 0 ? {} : { volumeMounts: [...mounts] }) };
  switch (kind) {
    case 'cmd':
      return { kind, cmd: values.cmd ?? '', ...common, ...container, ...pick(values, CMD_ONLY) };
    case 'build':
      return { kind, build: values.build ?? '', ...common, ...container };
    case 'push':
      return { kind, push: [...(values.push ?? [])], ...common };
    default:
      return unreachable(kind);
  }
}

function droppedFrom(values: StepFields, step: TaskStep): StepFields {
  const known = new Set([...Object.keys(step), ...KINDS, 'volumeMounts']);
  return Object.fromEntries(Object.entries(values).filter(([name]) => !known.has(name)));
}

/** The properties of a table that are there. */
function pick<Table extends Partial<typeof STEP>>(
  values: StepFields,
  table: Table,
): Pick<StepFields, keyof Table & keyof StepFields> {
  const picked = Object.entries(values).filter(([name]) => Object.hasOwn(table, name));
  // Entries of `values` filtered by the keys of `table` have exactly the picked type.
  return Object.fromEntries(picked) as Pick<StepFields, keyof Table & keyof StepFields>;
}

/** Of the container properties, a build has a use for these only: no container of the task's own runs. */
const USEFUL_TO_BUILD = ['env', 'workingDirectory', 'disableWorkingDirectoryOverride'];

function warnWithoutEffect(reader: YamlReader, kind: Kind, values: StepFields, spans: FieldSpans): void {
  for (const name of Object.keys(values)) {
    const span = spans.get(`${name}:`);
    if (span === undefined || hasEffect(name, kind)) continue;
    reader.findings.warning('property-without-effect', span, `"${name}" has no effect on a ${kind} step`, 'Remove it.');
  }
}

function hasEffect(name: string, kind: Kind): boolean {
  if (Object.hasOwn(COMMON, name) || name === 'volumeMounts' || KINDS.some((other) => other === name)) return true;
  if (kind === 'cmd') return !Object.hasOwn(WITHOUT_EFFECT, name);
  return kind === 'build' && USEFUL_TO_BUILD.includes(name);
}
