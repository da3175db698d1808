import { type Static, Type } from 'typebox';
import { Source } from './source.ts';

const common = {
  source: Source,
  platform: Type.Optional(
    Type.String({
      description: 'os/architecture[/variant], for example linux/amd64; for a build also several with commas',
    }),
  ),
  timeoutSeconds: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 86_400, description: 'Limit for the whole run, in seconds (default 3600)' }),
  ),
  keepLog: Type.Optional(Type.Boolean({ description: 'Keep the log when its time is over (default false)' })),
  imageLabels: Type.Optional(
    Type.Boolean({ description: 'Whether built images get labels that say where they are from (default true)' }),
  ),
  noCache: Type.Optional(
    Type.Boolean({ description: 'Build every layer anew, and keep the new ones in place of the old' }),
  ),
};

/** Values for `{{.Values.x}}`: a YAML map as text, then single values that override its top-level keys. */
const values = {
  valuesText: Type.Optional(Type.String({ description: 'Text of a YAML values file' })),
  set: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Type.String(), { description: 'Values by name' })),
};

/** Build one image from a Dockerfile and, unless `push` is false, push it: `slipway build`. */
export const DockerBuildRequest = Type.Object(
  {
    kind: Type.Literal('docker-build'),
    ...common,
    images: Type.Array(Type.String({ minLength: 1 }), { description: 'NAME[:TAG], may use {{.Run.ID}}' }),
    dockerfile: Type.Optional(Type.String({ minLength: 1, description: 'Path in the source (default Dockerfile)' })),
    target: Type.Optional(Type.String({ minLength: 1 })),
    buildArgs: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Type.String())),
    labels: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Type.String())),
    pull: Type.Optional(Type.Boolean({ description: 'Look for newer base images at their registry' })),
    push: Type.Optional(Type.Boolean({ description: 'Default true' })),
  },
  { additionalProperties: false },
);
export type DockerBuildRequest = Static<typeof DockerBuildRequest>;

/** Run a task file that lies in the source. */
export const TaskFileRequest = Type.Object(
  {
    kind: Type.Literal('task-file'),
    ...common,
    ...values,
    taskFile: Type.String({ minLength: 1, description: 'Path of the task file in the source' }),
  },
  { additionalProperties: false },
);
export type TaskFileRequest = Static<typeof TaskFileRequest>;

/** Run a task whose text comes with the request. */
export const EncodedTaskRequest = Type.Object(
  {
    kind: Type.Literal('encoded-task'),
    ...common,
    ...values,
    taskText: Type.String({ minLength: 1, description: 'The task file itself, as plain text' }),
    taskName: Type.Optional(Type.String({ minLength: 1, description: 'File name used in messages' })),
  },
  { additionalProperties: false },
);
export type EncodedTaskRequest = Static<typeof EncodedTaskRequest>;

/** What may be changed of a run after it was asked for. */
export const RunPatch = Type.Object(
  { keepLog: Type.Boolean({ description: 'Whether the log stays when its time is over' }) },
  { additionalProperties: false },
);
export type RunPatch = Static<typeof RunPatch>;

/** What a user asks to be run. `kind` tells the members apart. */
export const RunRequest = Type.Union([DockerBuildRequest, TaskFileRequest, EncodedTaskRequest]);
export type RunRequest = Static<typeof RunRequest>;
