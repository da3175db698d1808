import { isMap, isSeq, type Node, type YAMLSeq } from 'yaml';
import type { TaskFile, TaskVolume } from '../../../task-schemas/index.ts';
import { failure, type Result, success } from '../result.ts';
import { type FieldSpans, type Fields, type FieldTable, isNull, type ReadFields, readFields } from './fields.ts';
import { createFindings, type Findings } from './findings.ts';
import { checkTime, MAX_STEPS, reportTooManySteps } from './limits.ts';
import { type ReadNetwork, readNetworks } from './read-networks.ts';
import { type ReadSecret, readSecrets } from './read-secrets.ts';
import { type ReadStep, readStep } from './read-step.ts';
import { readVolumes } from './read-volumes.ts';
import type { SourceText } from './source-text.ts';
import { validateStep } from './validate-step.ts';
import { describeNode, parseYaml, spanOf } from './yaml-document.ts';
import { createYamlReader, type YamlReader } from './yaml-map.ts';

/** A task file as far as it could be read, and where its parts stand. */
export interface ReadTask {
  readonly version?: string;
  readonly stepTimeout?: number;
  readonly workingDirectory?: string;
  readonly env?: string[];
  readonly secrets: readonly ReadSecret[];
  readonly networks: readonly ReadNetwork[];
  readonly volumes: readonly TaskVolume[];
  readonly steps: readonly ReadStep[];
  readonly fields: FieldSpans;
}

const TASK = {
  version: 'string',
  stepTimeout: 'integer',
  workingDirectory: 'string',
  env: 'strings',
  steps: 'node',
  secrets: 'node',
  networks: 'node',
  volumes: 'node',
  alias: 'node',
} as const satisfies FieldTable;

/** The versions of the language; compared without regard to case. */
const VERSIONS = ['1.0-preview-1', 'v1.0.0', 'v1.1.0'];

/** `az` writes a version line above a file that has its own. */
const REPEATABLE = new Set(['version']);

/**
 * Reads a task file whose templates are rendered already. A result that is ok holds steps that are each well-formed,
 * but whose ids, images and texts are not interpreted yet.
 */
export function parseTaskFile(source: SourceText): Result<TaskFile> {
  const findings = createFindings(source);
  const read = readTaskFile(source, findings);
  if (read === undefined || findings.failed()) return failure(findings.list());
  const steps = read.steps.flatMap((entry) => (entry.kind === 'step' ? [entry.step] : []));
  const { fields: _, secrets, networks, volumes, ...task } = read;
  const parts = {
    secrets: secrets.map(({ secret }) => secret),
    networks: networks.map(({ network }) => network),
    volumes: [...volumes],
  };
  return success({ ...task, ...parts, steps }, findings.list());
}

/**
 * Reads as much of a task file as is there, so that what follows can find its mistakes too; undefined when the text
 * is not a YAML map.
 */
export function readTaskFile(source: SourceText, findings: Findings): ReadTask | undefined {
  const document = parseYaml(source, findings);
  if (document === undefined) return undefined;
  const reader = createYamlReader(document, source.text, findings);
  const root = reader.follow(document.root);
  if (isNull(root)) return { secrets: [], networks: [], volumes: [], steps: [], fields: new Map() };
  if (!isMap(root)) {
    const message = `A task file is a map with steps, but this is ${describeNode(root)}`;
    findings.error('yaml-type', spanOf(root, source.text), message, 'Begin with a line "steps:".');
    return undefined;
  }
  const { values, spans } = readFields(reader, root, TASK, 'A task file', REPEATABLE);
  checkVersion(values, spans, findings);
  checkTime('stepTimeout', values.stepTimeout, spans.get('stepTimeout') ?? spanOf(root, source.text), findings);
  const secrets = readSecrets(reader, values.secrets);
  const networks = readNetworks(reader, values.networks);
  const volumes = readVolumes(reader, values.volumes);
  warnAlias(spans, findings);
  const steps = readSteps(
    reader,
    { values, spans },
    new Set(volumes.flatMap(({ name }) => (name === '' ? [] : [name]))),
  );
  for (const entry of steps) {
    validateStep(entry.kind === 'step' ? entry.step : entry.said, entry.places, findings);
  }
  const { steps: _steps, secrets: _secrets, networks: _networks, volumes: _volumes, alias: _alias, ...task } = values;
  return { ...task, secrets, networks, volumes, steps, fields: spans };
}

function readSteps(
  reader: YamlReader,
  { values, spans }: Pick<ReadFields<typeof TASK>, 'values' | 'spans'>,
  volumes: ReadonlySet<string>,
): readonly ReadStep[] {
  const list = values.steps;
  const span = spans.get('steps');
  if (list === undefined || span === undefined) return [];
  if (!isSeq(list)) {
    reader.findings.error(
      'yaml-type',
      span,
      `"steps" needs a list, but has ${describeNode(list)}`,
      'Begin each step with a dash.',
    );
    return [];
  }
  const excess = list.items[MAX_STEPS];
  if (excess !== undefined) {
    reportTooManySteps(list.items.length, itemSpan(reader, list, excess, MAX_STEPS), reader.findings);
  }
  return list.items
    .slice(0, MAX_STEPS)
    .map((item, index) => readStep(reader, reader.follow(item), itemSpan(reader, list, item, index), volumes));
}

/** An empty entry has no text of its own: its dash stands for it. */
function itemSpan(reader: YamlReader, list: YAMLSeq, item: unknown, index: number) {
  const node = reader.follow(item);
  if (node !== null && !isNull(node)) return spanOf(node, reader.text);
  const after = (list.items[index] as Node | undefined)?.range?.[0] ?? 0;
  const dash = Math.max(reader.text.lastIndexOf('-', after), 0);
  return { start: dash, end: dash + 1 };
}

function checkVersion({ version }: Fields<typeof TASK>, spans: FieldSpans, findings: Findings): void {
  const span = spans.get('version');
  if (version === undefined || version === '' || span === undefined) return;
  if (VERSIONS.includes(version.toLowerCase())) return;
  const hint = `Write one of ${VERSIONS.join(', ')}; v1.0.0 is meant when there is no version.`;
  findings.error('version-unsupported', span, `"${version}" is not a version of the task language`, hint);
}

/** From v1.1.0 on the section is gone before the file is parsed. */
function warnAlias(spans: FieldSpans, findings: Findings): void {
  const span = spans.get('alias:');
  if (span === undefined) return;
  const message = 'Aliases are not expanded in a file of this version';
  findings.warning('alias-needs-version', span, message, 'Write version: v1.1.0, or remove the section.');
}
