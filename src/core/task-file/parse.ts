import { isMap, isSeq, type Node, type YAMLSeq } from 'yaml';
import type { TaskFile } from '../../../task-schemas/index.ts';
import { failure, type Result, success } from '../result.ts';
import { type FieldSpans, type Fields, type FieldTable, isNull, type ReadFields, readFields } from './fields.ts';
import { createFindings, type Findings } from './findings.ts';
import { checkTime, MAX_STEPS, reportTooManySteps } from './limits.ts';
import { readMaps } from './read-maps.ts';
import { checkSecrets } from './read-secrets.ts';
import { type ReadStep, readStep } from './read-step.ts';
import { checkVolumes } from './read-volumes.ts';
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

/** The properties of networks; their values are not checked, as in the reference. */
const NETWORK = {
  name: 'string',
  driver: 'string',
  ipv6: 'boolean',
  skipCreation: 'boolean',
  isDefault: 'boolean',
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
  const { fields: _, ...task } = read;
  return success({ ...task, steps }, findings.list());
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
  if (isNull(root)) return { steps: [], fields: new Map() };
  if (!isMap(root)) {
    const message = `A task file is a map with steps, but this is ${describeNode(root)}`;
    findings.error('yaml-type', spanOf(root, source.text), message, 'Begin with a line "steps:".');
    return undefined;
  }
  const { values, spans } = readFields(reader, root, TASK, 'A task file', REPEATABLE);
  checkVersion(values, spans, findings);
  checkTime('stepTimeout', values.stepTimeout, spans.get('stepTimeout') ?? spanOf(root, source.text), findings);
  checkSecrets(reader, values.secrets);
  readMaps(reader, values.networks, NETWORK, 'networks', 'A network');
  const volumes = checkVolumes(reader, values.volumes);
  refuseUnsupported(values, spans, findings);
  warnAlias(spans, findings);
  const steps = readSteps(reader, { values, spans }, volumes);
  for (const entry of steps) if (entry.kind === 'step') validateStep(entry.step, entry.places, findings);
  const { steps: _steps, secrets: _secrets, networks: _networks, volumes: _volumes, alias: _alias, ...task } = values;
  return { ...task, steps, fields: spans };
}

function readSteps(
  reader: YamlReader,
  { values, spans }: ReadFields<typeof TASK>,
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

/** What the language has and this engine does not have yet is never skipped silently. */
function refuseUnsupported(values: Fields<typeof TASK>, spans: FieldSpans, findings: Findings): void {
  const cures = {
    secrets: 'Pass the value with --set NAME=VALUE and use {{.Values.NAME}}; it can be read in the plan and the log.',
    networks: 'Leave it out: the steps of a run share a network of their own and reach each other by step id.',
    volumes: 'Leave it out: all steps share the folder /workspace.',
  } as const;
  for (const name of ['secrets', 'networks', 'volumes'] as const) {
    const node = values[name];
    const span = spans.get(`${name}:`);
    if (node === undefined || span === undefined || (isSeq(node) && node.items.length === 0)) continue;
    findings.error('not-supported-yet', span, `"${name}" is not supported yet`, cures[name]);
  }
}
