/**
 * The task file. The descriptions, defaults and examples are also what editors show (`editor-schema.ts`); whole
 * sentences with units.
 */
import { type Static, Type } from 'typebox';
import { LONGEST_TIME, TaskStep, Variable } from './task-step.ts';

/** A secret value that lives in a vault; templates read it as `.Secrets.<id>`. */
export const TaskSecret = Type.Object({
  id: Type.String({
    description: 'Name of the secret, without blanks; templates read its value as {{.Secrets.NAME}}.',
    pattern: '^\\S+$',
  }),
  keyvault: Type.String({
    description: 'URL of the secret in its vault.',
    examples: ['https://myvault.vault.azure.net/secrets/password'],
  }),
  clientID: Type.Optional(
    Type.String({
      description: 'Client id (a UUID) of the identity that may read it.',
      pattern: '^(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|)$',
    }),
  ),
});
export type TaskSecret = Static<typeof TaskSecret>;

/** A network of the task. */
export const TaskNetwork = Type.Object({
  name: Type.String({ description: 'Name that `network` of a step uses.' }),
  driver: Type.Optional(Type.String({ description: 'Network driver of the engine.', examples: ['bridge'] })),
  ipv6: Type.Optional(Type.Boolean({ description: 'Whether it has IPv6 addresses.', default: false })),
  skipCreation: Type.Optional(
    Type.Boolean({ description: 'The network exists already: it is neither made nor removed.', default: false }),
  ),
  isDefault: Type.Optional(
    Type.Boolean({ description: 'Steps that name no network use it; of several the last one.', default: false }),
  ),
});
export type TaskNetwork = Static<typeof TaskNetwork>;

/** A volume of the task, which holds secret files. */
export const TaskVolume = Type.Object({
  name: Type.String({
    description: 'Name that volumeMounts of a step use: letters, digits, hyphens and underscores.',
    pattern: '^[A-Za-z0-9_-]+$',
  }),
  secret: Type.Record(Type.String(), Type.String(), {
    description: 'The files of the volume: content in base64 by file name.',
  }),
});
export type TaskVolume = Static<typeof TaskVolume>;

/** The `alias` section; it is gone before the rest of the file is read. */
export const TaskAlias = Type.Object({
  values: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'Texts by name (letters and digits): $name stands for the text everywhere in the file.',
    }),
  ),
  src: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Files (from the root of the source) or http(s) URLs with more of them; later ones win over earlier.',
      examples: [['aliases.yaml']],
    }),
  ),
  directive: Type.Optional(
    Type.String({
      description: 'The one character that begins an alias; neither a letter nor a digit.',
      default: '$',
      examples: ['&'],
    }),
  ),
});
export type TaskAlias = Static<typeof TaskAlias>;

/** A task file as written, after templates; valid in itself, but its names and texts are not interpreted yet. */
export const TaskFile = Type.Object({
  version: Type.Optional(
    Type.String({
      description: 'Version of the task language. From v1.1.0 on there are aliases ($ID, bash, …).',
      pattern: '^(?:1\\.0-[pP][rR][eE][vV][iI][eE][wW]-1|[vV]1\\.[01]\\.0|)$',
      default: 'v1.0.0',
      examples: ['v1.1.0', 'v1.0.0', '1.0-preview-1'],
    }),
  ),
  stepTimeout: Type.Optional(
    Type.Integer({
      description: 'Seconds that a step may take which has no timeout of its own (0 counts as 600).',
      default: 600,
      maximum: LONGEST_TIME,
    }),
  ),
  workingDirectory: Type.Optional(
    Type.String({
      description: 'Working directory of the steps that name none: absolute, or relative to /workspace.',
      default: '/workspace',
    }),
  ),
  env: Type.Optional(
    Type.Array(Variable, {
      description:
        'Environment variables for every step, as KEY=VALUE. A comma separates variables here; a value with a comma belongs to the env of a step.',
      examples: [['KEY=value']],
    }),
  ),
  secrets: Type.Optional(Type.Array(TaskSecret, { description: 'Secrets from vaults, for {{.Secrets.NAME}}.' })),
  networks: Type.Optional(Type.Array(TaskNetwork, { description: 'Networks for the steps.' })),
  volumes: Type.Optional(Type.Array(TaskVolume, { description: 'Volumes with secret files, for volumeMounts.' })),
  steps: Type.Array(TaskStep, {
    description: 'What is done: each step has exactly one of build, cmd and push.',
    maxItems: 1_000,
  }),
});
export type TaskFile = Static<typeof TaskFile>;
