import { isMap, isScalar, type Node } from 'yaml';
import type { TaskVolume, VolumeMount } from '../../../task-schemas/index.ts';
import { type FieldTable, isNull } from './fields.ts';
import type { Findings } from './findings.ts';
import { parseMountPath } from './mount-path.ts';
import { readMaps } from './read-maps.ts';
import { hasStandIn } from './secret-stand-in.ts';
import type { Span } from './source-text.ts';
import { describeNode, spanOf } from './yaml-document.ts';
import type { MapEntry, YamlReader } from './yaml-map.ts';

const VOLUME = { name: 'string', secret: 'node' } as const satisfies FieldTable;
const MOUNT = { name: 'string', mountPath: 'string' } as const satisfies FieldTable;

/** Reads the `volumes` of a task (reference, section 2); what is wrong with one is a finding. */
export function readVolumes(reader: YamlReader, node: Node | undefined): readonly TaskVolume[] {
  const names = new Set<string>();
  return readMaps(reader, node, VOLUME, 'volumes', 'A volume').map(({ values, spans, whole }) => {
    const { name = '', secret } = values;
    const at = spans.get('name') ?? whole;
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      const message = name === '' ? 'This volume has no name' : `"${name}" is not a name of a volume`;
      reader.findings.error('volume-invalid-name', at, message, 'Use letters, digits, hyphens and underscores.');
    } else if (names.has(name)) {
      reader.findings.error(
        'volume-duplicate',
        at,
        `The name "${name}" is used by a volume above`,
        'Give each volume a name of its own.',
      );
    }
    names.add(name);
    return { name, secret: readFiles(reader, secret, spans.get('secret') ?? whole) };
  });
}

/** The files of a volume: their contents in base64 by name. */
function readFiles(reader: YamlReader, secret: Node | undefined, span: Span): Record<string, string> {
  if (secret !== undefined && !isMap(secret)) {
    reader.findings.error('yaml-type', span, `"secret" needs a map of files, but has ${describeNode(secret)}`, HINT);
    return {};
  }
  const files = secret === undefined ? [] : [...reader.entries(secret).values()];
  if (files.length === 0) reader.findings.error('volume-missing-source', span, 'This volume has no files', HINT);
  for (const file of files) checkFile(reader, file);
  const contents = files.map(({ key, value }) => [key, isScalar(value) && !isNull(value) ? String(value.value) : '']);
  return Object.fromEntries(contents);
}

/** Content that is no base64 fails in the reference when the run starts (section 6.5); here it is told before. */
function checkFile({ findings, text }: YamlReader, { key, keyNode, value, valueNode }: MapEntry): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(key)) {
    const hint = 'Use letters, digits, dots, hyphens and underscores.';
    findings.error('volume-invalid-filename', spanOf(keyNode, text), `"${key}" is not a name of a file`, hint);
  }
  if (isNull(value)) return;
  if (!isScalar(value)) {
    const message = `The file "${key}" needs a text in base64, but has ${describeNode(value)}`;
    findings.error('yaml-type', spanOf(valueNode, text), message, HINT);
  } else if (!isBase64(String(value.value)) && !hasStandIn(String(value.value))) {
    const message = `The content of "${key}" is not base64, so the run will fail before its first step`;
    const hint = 'Write {{ "text" | b64enc }}, or {{.Secrets.NAME | b64enc}} for a secret that is not base64 itself.';
    findings.warning('volume-not-base64', spanOf(valueNode, text), message, hint);
  }
}

/** Go's standard encoding: with padding, and line ends anywhere. */
function isBase64(text: string): boolean {
  const signs = text.replace(/[\r\n]/g, '');
  return signs.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(signs);
}

const HINT = 'Write secret: with one "file: text in base64" per line under it.';

/** Reads the `volumeMounts` of one step; `volumes` are the names it may mount. */
export function readMounts(
  reader: YamlReader,
  node: Node | undefined,
  volumes: ReadonlySet<string>,
  isPush: boolean,
): readonly VolumeMount[] {
  const mounts = readMaps(reader, node, MOUNT, 'volumeMounts', 'A mount');
  const { findings } = reader;
  if (isPush && node !== undefined && mounts.length > 0) {
    findings.error(
      'mount-not-allowed',
      spanOf(node, reader.text),
      'A push step has no container to mount a volume in',
      'Remove volumeMounts.',
    );
  }
  const paths = new Set<string>();
  return mounts.map(({ values, spans, whole }) => {
    const { name = '', mountPath = '' } = values;
    if (!volumes.has(name)) unknownVolume(findings, spans.get('name') ?? whole, name, volumes);
    const at = spans.get('mountPath') ?? whole;
    const read = parseMountPath(mountPath);
    if (mountPath === '')
      findings.error('mount-invalid', at, 'This mount does not say where', 'Write mountPath: /a/folder');
    else if (read.kind === 'wrong') findings.error('mount-invalid', at, read.message, read.hint);
    else if (paths.has(read.path)) {
      findings.error(
        'mount-duplicate-path',
        at,
        `"${read.path}" is mounted twice`,
        'Give each mount a path of its own.',
      );
    }
    if (read.kind === 'path') paths.add(read.path);
    return { name, mountPath };
  });
}

function unknownVolume(findings: Findings, at: Span, name: string, volumes: ReadonlySet<string>): void {
  const message = name === '' ? 'This mount names no volume' : `"${name}" is not a volume of this task`;
  findings.error('mount-unknown-volume', at, message, () => listVolumes(volumes));
}

/** So many names are enough to recognize one's own. */
const MAX_LISTED = 20;

function listVolumes(volumes: ReadonlySet<string>): string {
  if (volumes.size === 0) return 'The task has no volumes.';
  const more = volumes.size > MAX_LISTED ? ` and ${volumes.size - MAX_LISTED} more` : '';
  return `Its volumes are: ${[...volumes].slice(0, MAX_LISTED).join(', ')}${more}.`;
}
