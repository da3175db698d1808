import { isMap, type Node } from 'yaml';
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { errors } from '../diagnostic.ts';
import { parseBytes, parseCpus, parseUlimit, type Ulimit } from '../plan/words/option-values.ts';
import { failure, type Result, success } from '../result.ts';
import { type FieldTable, isNull, readFields } from '../task-file/fields.ts';
import { createFindings, type Findings } from '../task-file/findings.ts';
import { createSourceText, type Span } from '../task-file/source-text.ts';
import { describeNode, parseYaml, spanOf } from '../task-file/yaml-document.ts';
import { createYamlReader, type YamlReader } from '../task-file/yaml-map.ts';
import { parseHostMount } from './host-mounts.ts';
import { type ContainerLimit, type HostMount, STRICT_POLICY, type WorkerPolicy } from './worker-policy.ts';

const POLICY = {
  privileged: 'boolean',
  hostNetwork: 'boolean',
  externalNetworks: 'strings',
  networkDrivers: 'strings',
  publishOnAllAddresses: 'boolean',
  dockerSocket: 'boolean',
  hostMounts: 'strings',
  pidsLimit: 'integer',
  cpus: 'node',
  memory: 'node',
  shm: 'node',
  buildCgroupParent: 'string',
  ulimits: 'strings',
} as const satisfies FieldTable;

const LIMIT = { usual: 'string', maximum: 'string' } as const satisfies FieldTable;

/**
 * Reads a policy file, which is YAML or JSON; what it does not name is as in `STRICT_POLICY`. Answers every problem at
 * once: `policy-invalid`, or a code about its YAML. A name that means nothing is an error: it may be a limit.
 */
export function parsePolicy(text: string, fileName: string): Result<WorkerPolicy> {
  const source = createSourceText(fileName, text);
  const findings = createFindings(source);
  const document = parseYaml(source, findings);
  if (document === undefined) return failure(findings.list());
  const reader = createYamlReader(document, text, findings);
  const root = reader.follow(document.root);
  if (isNull(root)) return success(STRICT_POLICY, findings.list());
  if (!isMap(root)) {
    const message = `A policy is a map of permissions, but this is ${describeNode(root)}`;
    findings.error('policy-invalid', spanOf(root, text), message, 'Write one "name: value" per line.');
    return failure(findings.list());
  }
  const { values, spans } = readFields(reader, root, POLICY, 'A policy');
  const { cpus, memory, shm, hostMounts, ulimits, ...plain } = values;
  const at = (field: string): Span => spans.get(field) ?? spanOf(root, text);
  if (plain.pidsLimit !== undefined && plain.pidsLimit < 1)
    findings.error('policy-invalid', at('pidsLimit'), '"pidsLimit" is below 1, so no step could start', 'Write 4096.');
  if (plain.buildCgroupParent !== undefined && !/^[\w.:@/-]+$/.test(plain.buildCgroupParent)) {
    const message = `"${plain.buildCgroupParent}" is not the name of a control group`;
    findings.error(
      'policy-invalid',
      at('buildCgroupParent'),
      message,
      'Write it as the engine takes it, such as /builds.',
    );
  }
  const policy = {
    ...STRICT_POLICY,
    ...plain,
    hostMounts: readHostMounts(hostMounts, at, findings),
    ulimits: readUlimits(ulimits, at, findings),
    cpus: readLimit(reader, cpus, 'cpus', parseCpus),
    memory: readLimit(reader, memory, 'memory', positiveBytes),
    shm: readLimit(reader, shm, 'shm', positiveBytes),
  };
  const found = findings.list().map(strictly);
  return errors(found).length > 0 ? failure(found) : success(policy, found);
}

function strictly(found: Diagnostic): Diagnostic {
  return found.code === 'unknown-key' ? { ...found, severity: 'error' } : found;
}

function readHostMounts(
  texts: readonly string[] = [],
  at: (field: string) => Span,
  findings: Findings,
): readonly HostMount[] {
  return texts.flatMap((text, index) => {
    const mount = parseHostMount(text);
    if (mount !== undefined) return [mount];
    const message = `"${text}" is not an absolute path of the machine`;
    findings.error('policy-invalid', at(`hostMounts.${index}`), message, 'Write /a/folder, or /a/folder:ro.');
    return [];
  });
}

function readUlimits(
  texts: readonly string[] = [],
  at: (field: string) => Span,
  findings: Findings,
): readonly Ulimit[] {
  return texts.flatMap((text, index) => {
    const limit = parseUlimit(text);
    if (limit !== undefined) return [limit];
    findings.error('policy-invalid', at(`ulimits.${index}`), `"${text}" is not a limit`, 'Write nofile=65536.');
    return [];
  });
}

function positiveBytes(text: string): number | undefined {
  return parseBytes(text) || undefined;
}

/** `{usual: 1g, maximum: 4g}`: a step that says nothing must not get more than one may ask for. */
function readLimit(
  reader: YamlReader,
  node: Node | undefined,
  name: 'cpus' | 'memory' | 'shm',
  parse: (text: string) => number | undefined,
): ContainerLimit {
  if (node === undefined) return {};
  const { findings } = reader;
  const example = name === 'cpus' ? '{usual: 1, maximum: 4}' : '{usual: 1g, maximum: 4g}';
  if (!isMap(node)) {
    const message = `"${name}" needs usual and maximum, but has ${describeNode(node)}`;
    findings.error('policy-invalid', spanOf(node, reader.text), message, `Write ${name}: ${example}`);
    return {};
  }
  const { values, spans } = readFields(reader, node, LIMIT, 'A limit');
  const read = (field: 'usual' | 'maximum'): number | undefined => {
    const text = values[field];
    const amount = text === undefined ? undefined : parse(text);
    if (text !== undefined && amount === undefined) {
      const span = spans.get(field) ?? spanOf(node, reader.text);
      findings.error('policy-invalid', span, `"${text}" is not an amount`, `Write ${name}: ${example}`);
    }
    return amount;
  };
  const usual = read('usual');
  const maximum = read('maximum');
  if (usual !== undefined && maximum !== undefined && usual > maximum)
    findings.error(
      'policy-invalid',
      spans.get('usual') ?? spanOf(node, reader.text),
      `The usual amount of "${name}" is above its maximum`,
      'Lower the one or raise the other.',
    );
  return { ...(usual === undefined ? {} : { usual }), ...(maximum === undefined ? {} : { maximum }) };
}
