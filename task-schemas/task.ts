import { type Static, Type } from 'typebox';
import { Timestamp } from './ids.ts';
import { DockerBuildRequest, RunRequest, TaskFileRequest } from './run-request.ts';
import { Source } from './source.ts';
import { Timer } from './timer.ts';

/** What a stored task is called. Two names that differ only in upper and lower case are one. */
export const TaskName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$',
  description: 'At most 50 letters, digits, - and _; upper and lower case make no difference',
});
export type TaskName = Static<typeof TaskName>;

const secretValues = (description: string) =>
  Type.Optional(Type.Record(Type.String({ minLength: 1 }), Type.Union([Type.String(), Type.Null()]), { description }));

/** Secret values by name, as they are sent; the server keeps them encrypted and never gives them back. */
export const SecretValues = Type.Object(
  {
    set: secretValues('For {{.Values.NAME}}; null removes one, those that are not named stay'),
    buildArgs: secretValues('For ARG in the Dockerfile of a build; null removes one, those that are not named stay'),
  },
  { additionalProperties: false },
);
export type SecretValues = Static<typeof SecretValues>;

/** Which secret values a task has. */
export const SecretNames = Type.Object({ set: Type.Array(Type.String()), buildArgs: Type.Array(Type.String()) });
export type SecretNames = Static<typeof SecretNames>;

const definition = {
  /** What is run. Its source is fetched for each run, so it cannot be an upload. */
  request: RunRequest,
  enabled: Type.Optional(Type.Boolean({ description: 'Whether it may run (default true)' })),
  pool: Type.Optional(
    Type.String({ minLength: 1, description: 'Workers of this pool take it (default: the server’s)' }),
  ),
  tags: Type.Optional(
    Type.Record(Type.String({ minLength: 1 }), Type.String(), { description: 'To find and group tasks by' }),
  ),
  timers: Type.Optional(Type.Array(Timer, { maxItems: 20, description: 'When it runs by itself' })),
};

/** A task as it is written: what `PUT /v1/tasks/NAME` takes. */
export const TaskDefinition = Type.Object(
  { ...definition, secrets: Type.Optional(SecretValues) },
  { additionalProperties: false },
);
export type TaskDefinition = Static<typeof TaskDefinition>;

/** What may be changed of a task without writing it anew; what is absent stays. */
export const TaskPatch = Type.Partial(TaskDefinition, { additionalProperties: false });
export type TaskPatch = Static<typeof TaskPatch>;

/** A stored task. */
export const Task = Type.Object({
  name: TaskName,
  ...definition,
  enabled: Type.Boolean(),
  secretNames: SecretNames,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  revision: Type.Integer({ minimum: 1, description: 'Counts the changes' }),
});
export type Task = Static<typeof Task>;

/** One page of tasks, by name. `nextCursor` is absent on the last one. */
export const TaskPage = Type.Object({ tasks: Type.Array(Task), nextCursor: Type.Optional(Type.String()) });
export type TaskPage = Static<typeof TaskPage>;

/** What one run of a task does differently from the task. */
export const TaskRunOverrides = Type.Object(
  {
    source: Type.Optional(Source),
    platform: TaskFileRequest.properties.platform,
    timeoutSeconds: TaskFileRequest.properties.timeoutSeconds,
    noCache: TaskFileRequest.properties.noCache,
    keepLog: TaskFileRequest.properties.keepLog,
    set: TaskFileRequest.properties.set,
    taskFile: Type.Optional(TaskFileRequest.properties.taskFile),
    dockerfile: DockerBuildRequest.properties.dockerfile,
    target: DockerBuildRequest.properties.target,
    buildArgs: DockerBuildRequest.properties.buildArgs,
    secrets: Type.Optional(SecretValues),
  },
  { additionalProperties: false },
);
export type TaskRunOverrides = Static<typeof TaskRunOverrides>;
