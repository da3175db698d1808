import { type Static, Type } from 'typebox';

/** What a step of any kind may say. Everything is as written: defaults belong to the plan. Times are seconds. */
const common = {
  id: Type.Optional(Type.String({ description: 'Name of the step, also its host name for the other steps' })),
  when: Type.Optional(
    Type.Array(Type.String(), { description: 'Ids of steps above that must have ended well; ["-"]: starts at once' }),
  ),
  timeout: Type.Optional(
    Type.Integer({ description: 'Limit for the step with all its retries (default stepTimeout)' }),
  ),
  startDelay: Type.Optional(Type.Integer({ description: 'Seconds to wait before the step starts' })),
  ignoreErrors: Type.Optional(Type.Boolean({ description: 'The run goes on when this step fails' })),
  retries: Type.Optional(Type.Integer({ description: 'Further attempts after a failed one' })),
  retryDelay: Type.Optional(Type.Integer({ description: 'Seconds between attempts (default 5)' })),
  retryOnErrors: Type.Optional(Type.Array(Type.String(), { description: 'Retry only if the output has one of these' })),
  repeat: Type.Optional(Type.Integer({ description: 'Further full executions after the first' })),
  cache: Type.Optional(Type.String({ description: 'enabled or disabled' })),
};

/** Where a container sees a volume of the task. */
export const VolumeMount = Type.Object({
  name: Type.String({ description: 'Name of a volume of the task' }),
  mountPath: Type.String({ description: 'Folder in the container' }),
});
export type VolumeMount = Static<typeof VolumeMount>;

/** What build and cmd steps may say of their container. */
const container = {
  env: Type.Optional(Type.Array(Type.String(), { description: 'KEY=VALUE' })),
  workingDirectory: Type.Optional(Type.String({ description: 'Absolute, or relative to /workspace' })),
  disableWorkingDirectoryOverride: Type.Optional(Type.Boolean({ description: 'Use the image’s own directory' })),
  detach: Type.Optional(Type.Boolean({ description: 'Do not wait for the container to end' })),
  keep: Type.Optional(Type.Boolean({ description: 'Keep the container until the run ends' })),
  privileged: Type.Optional(Type.Boolean()),
  user: Type.Optional(Type.String()),
  network: Type.Optional(Type.String()),
  isolation: Type.Optional(Type.String()),
  cpus: Type.Optional(Type.String()),
  ports: Type.Optional(Type.Array(Type.String())),
  expose: Type.Optional(Type.Array(Type.String())),
  volumeMounts: Type.Optional(Type.Array(VolumeMount)),
};

/** A step that builds an image: `build` is what follows `docker build`. */
export const BuildTaskStep = Type.Object({
  kind: Type.Literal('build'),
  build: Type.String(),
  ...common,
  ...container,
});
export type BuildTaskStep = Static<typeof BuildTaskStep>;

/** A step that runs a container: `cmd` is the image and its arguments. */
export const CmdTaskStep = Type.Object({
  kind: Type.Literal('cmd'),
  cmd: Type.String(),
  ...common,
  ...container,
  entryPoint: Type.Optional(Type.String()),
  pull: Type.Optional(Type.Boolean({ description: 'Pull the image even if the engine has it' })),
  cmdDownloadRetries: Type.Optional(Type.Integer({ description: 'Retries of that pull' })),
  cmdDownloadRetryDelay: Type.Optional(Type.Integer({ description: 'Seconds between them' })),
});
export type CmdTaskStep = Static<typeof CmdTaskStep>;

/** A step that pushes images. */
export const PushTaskStep = Type.Object({
  kind: Type.Literal('push'),
  push: Type.Array(Type.String()),
  ...common,
});
export type PushTaskStep = Static<typeof PushTaskStep>;

/** One step of a task file; `kind` is the one of `build`, `cmd` and `push` that was written. */
export const TaskStep = Type.Union([BuildTaskStep, CmdTaskStep, PushTaskStep]);
export type TaskStep = Static<typeof TaskStep>;

/** A secret value that lives in a vault; templates read it as `.Secrets.<id>`. */
export const TaskSecret = Type.Object({
  id: Type.String({ description: 'Name of the secret in templates' }),
  keyvault: Type.String({ description: 'URL of the secret: https://VAULT/secrets/NAME[/VERSION]' }),
  clientID: Type.Optional(Type.String({ description: 'Client id of the identity that may read it' })),
});
export type TaskSecret = Static<typeof TaskSecret>;

/** A network of the task. */
export const TaskNetwork = Type.Object({
  name: Type.String(),
  driver: Type.Optional(Type.String({ description: 'Network driver of the engine' })),
  ipv6: Type.Optional(Type.Boolean()),
  skipCreation: Type.Optional(Type.Boolean({ description: 'The network exists already' })),
  isDefault: Type.Optional(Type.Boolean({ description: 'Used by steps that name none' })),
});
export type TaskNetwork = Static<typeof TaskNetwork>;

/** A volume of the task, which holds secret files. */
export const TaskVolume = Type.Object({
  name: Type.String(),
  secret: Type.Record(Type.String(), Type.String(), { description: 'Content by file name, in base64' }),
});
export type TaskVolume = Static<typeof TaskVolume>;

/** A task file as written, after templates; valid in itself, but its names and texts are not interpreted yet. */
export const TaskFile = Type.Object({
  version: Type.Optional(Type.String({ description: '1.0-preview-1, v1.0.0 (default) or v1.1.0' })),
  stepTimeout: Type.Optional(Type.Integer({ description: 'Default timeout of the steps, in seconds (default 600)' })),
  workingDirectory: Type.Optional(Type.String({ description: 'Default working directory of the steps' })),
  env: Type.Optional(Type.Array(Type.String(), { description: 'KEY=VALUE for every step' })),
  secrets: Type.Optional(Type.Array(TaskSecret)),
  networks: Type.Optional(Type.Array(TaskNetwork)),
  volumes: Type.Optional(Type.Array(TaskVolume)),
  steps: Type.Array(TaskStep),
});
export type TaskFile = Static<typeof TaskFile>;
