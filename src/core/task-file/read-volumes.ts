import { isMap, type Node } from 'yaml';
import { type FieldTable, isNull } from './fields.ts';
import type { Findings } from './findings.ts';
import { readMaps } from './read-maps.ts';
import type { Span } from './source-text.ts';
import { describeNode, spanOf } from './yaml-document.ts';
import type { YamlReader } from './yaml-map.ts';

const VOLUME = { name: 'string', secret: 'node' } as const satisfies FieldTable;
const MOUNT = { name: 'string', mountPath: 'string' } as const satisfies FieldTable;

/** Checks the `volumes` of a task (reference, section 2) and answers their names. */
export function checkVolumes(reader: YamlReader, node: Node | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { values, spans, whole } of readMaps(reader, node, VOLUME, 'volumes', 'A volume')) {
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
    checkFiles(reader, secret, spans.get('secret') ?? whole);
  }
  return names;
}

function checkFiles(reader: YamlReader, secret: Node | undefined, span: Span): void {
  if (secret !== undefined && !isMap(secret)) {
    reader.findings.error('yaml-type', span, `"secret" needs a map of files, but has ${describeNode(secret)}`, HINT);
    return;
  }
  const files = secret === undefined ? [] : [...reader.entries(secret).values()];
  if (files.length === 0) reader.findings.error('volume-missing-source', span, 'This volume has no files', HINT);
  for (const { key, keyNode } of files) {
    if (/^[A-Za-z0-9_.-]+$/.test(key)) continue;
    const hint = 'Use letters, digits, dots, hyphens and underscores.';
    reader.findings.error(
      'volume-invalid-filename',
      spanOf(keyNode, reader.text),
      `"${key}" is not a name of a file`,
      hint,
    );
  }
}

const HINT = 'Write secret: with one "file: text in base64" per line under it.';

/** Checks the `volumeMounts` of one step and answers how many there are. */
export function checkMounts(
  reader: YamlReader,
  node: Node | undefined,
  volumes: ReadonlySet<string>,
  isPush: boolean,
): number {
  const mounts = readMaps(reader, node, MOUNT, 'volumeMounts', 'A mount');
  const { findings } = reader;
  if (isPush && node !== undefined && !isNull(node)) {
    findings.error(
      'mount-not-allowed',
      spanOf(node, reader.text),
      'A push step has no container to mount a volume in',
      'Remove volumeMounts.',
    );
  }
  const paths = new Set<string>();
  for (const { values, spans, whole } of mounts) {
    const { name = '', mountPath = '' } = values;
    if (!volumes.has(name)) unknownVolume(findings, spans.get('name') ?? whole, name, volumes);
    const at = spans.get('mountPath') ?? whole;
    if (mountPath === '')
      findings.error('mount-invalid', at, 'This mount says not where', 'Write mountPath: /a/folder');
    else if (paths.has(mountPath)) {
      findings.error(
        'mount-duplicate-path',
        at,
        `"${mountPath}" is mounted twice`,
        'Give each mount a path of its own.',
      );
    }
    paths.add(mountPath);
  }
  return mounts.length;
}

function unknownVolume(findings: Findings, at: Span, name: string, volumes: ReadonlySet<string>): void {
  const message = name === '' ? 'This mount names no volume' : `"${name}" is not a volume of this task`;
  const hint = volumes.size === 0 ? 'The task has no volumes.' : `Its volumes are: ${[...volumes].join(', ')}.`;
  findings.error('mount-unknown-volume', at, message, hint);
}
