/**
 * The steps of a task file. The descriptions, defaults and examples are also what editors show (`editor-schema.ts`);
 * whole sentences with the kinds of step that a property is for, and units.
 */
import { type Static, Type } from 'typebox';

/** The longest time of a task, in seconds. */
export const LONGEST_TIME = 86_400;

/** An entry of an environment. */
export const Variable = Type.String({ pattern: '=', examples: ['KEY=value'] });

/** What a step of any kind may say. Everything is as written: defaults belong to the plan. Times are seconds. */
const common = {
  id: Type.Optional(
    Type.String({
      description:
        'Name of the step, without blanks; `when` of later steps uses it, and it is the host name of the step for the others. Default: acb_step_ and its place in the list, from 0.',
      pattern: '^\\S*$',
      examples: ['build'],
    }),
  ),
  when: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Ids of steps above; this step starts when all of them have ended well. ["-"]: it starts at once. Default: it waits for the step directly above it.',
      examples: [['-'], ['build']],
    }),
  ),
  timeout: Type.Optional(
    Type.Integer({
      description:
        'Seconds that the step may take with all its repeats, retries and the pauses between them. Default (also for 0): stepTimeout of the task, which is 600.',
      maximum: LONGEST_TIME,
      examples: [1800],
    }),
  ),
  startDelay: Type.Optional(
    Type.Integer({
      description: 'Seconds to wait before the step starts; they do not count towards its timeout.',
      default: 0,
      maximum: LONGEST_TIME,
    }),
  ),
  ignoreErrors: Type.Optional(
    Type.Boolean({
      description: 'When the step fails, the run goes on as if it had ended well. The log says that it failed.',
      default: false,
    }),
  ),
  retries: Type.Optional(
    Type.Integer({
      description: 'Further attempts after a failed one. For cmd and build; a push has retries of its own.',
      default: 0,
      minimum: 0,
    }),
  ),
  retryDelay: Type.Optional(
    Type.Integer({
      description: 'Seconds between attempts (0 counts as 5). For cmd and build.',
      default: 5,
      maximum: LONGEST_TIME,
    }),
  ),
  retryOnErrors: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Retry only when the output of the failed attempt has one of these texts in it. For cmd and build.',
      examples: [['connection reset', 'timeout']],
    }),
  ),
  repeat: Type.Optional(
    Type.Integer({
      description:
        'Further executions after the first, whether it failed or not; each has its own retries. For cmd and build.',
      default: 0,
      minimum: 0,
    }),
  ),
  cache: Type.Optional(
    Type.String({
      description: 'enabled: the layers of the build are to be kept in a registry. For build.',
      pattern: '^(?:[eE][nN][aA][bB][lL][eE][dD]|[dD][iI][sS][aA][bB][lL][eE][dD]|)$',
      default: 'disabled',
      examples: ['enabled', 'disabled'],
    }),
  ),
};

/** Where a container sees a volume of the task. */
export const VolumeMount = Type.Object({
  name: Type.String({ description: 'Name of a volume of the task' }),
  mountPath: Type.String({ description: 'Folder in the container', examples: ['/run/secrets'] }),
});
export type VolumeMount = Static<typeof VolumeMount>;

/** What build and cmd steps may say of their container. */
const container = {
  env: Type.Optional(
    Type.Array(Variable, {
      description:
        'Environment variables as KEY=VALUE. They win over those of the task with the same key. For cmd; a build passes variables with --build-arg.',
      examples: [['KEY=value']],
    }),
  ),
  workingDirectory: Type.Optional(
    Type.String({
      description:
        'Folder in which the command runs, or where the paths of a build start: absolute, or relative to /workspace. For cmd and build. Default: that of the task, else /workspace.',
      examples: ['src'],
    }),
  ),
  disableWorkingDirectoryOverride: Type.Optional(
    Type.Boolean({ description: 'Start in the folder that the image itself names. For cmd.', default: false }),
  ),
  detach: Type.Optional(
    Type.Boolean({
      description:
        'Do not wait for the container to end: the step has ended well as soon as the container runs. It is removed at the end of the run. For cmd.',
      default: false,
    }),
  ),
  keep: Type.Optional(Type.Boolean({ description: 'Keep the container until the run ends. For cmd.', default: false })),
  privileged: Type.Optional(
    Type.Boolean({
      description: 'All rights on the machine of the worker; refused unless the worker allows it. For cmd.',
      default: false,
    }),
  ),
  user: Type.Optional(
    Type.String({
      description: 'User, or USER:GROUP, that the container runs as. For cmd. Default: that of the image.',
      examples: ['1000:1000'],
    }),
  ),
  network: Type.Optional(
    Type.String({
      description:
        'none: no network. host: that of the worker, refused unless the worker allows it. Default: the network of the run. For cmd.',
      examples: ['none', 'host'],
    }),
  ),
  isolation: Type.Optional(
    Type.String({ description: 'Isolation of Windows containers; only default is possible. For cmd.' }),
  ),
  cpus: Type.Optional(
    Type.String({ description: 'Number of CPUs that the container may use. For cmd.', examples: ['1.5'] }),
  ),
  ports: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Ports to publish on the worker, as docker run -p takes them. Steps reach each other without. For cmd.',
      examples: [['8080:80']],
    }),
  ),
  expose: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Ports that the container listens on, as docker run --expose takes them. For cmd.',
      examples: [['80', '9000-9010/udp']],
    }),
  ),
  volumeMounts: Type.Optional(
    Type.Array(VolumeMount, { description: 'Volumes of the task and where the container sees them. For cmd.' }),
  ),
};

/** A step that builds an image: `build` is what follows `docker build`. */
export const BuildTaskStep = Type.Object({
  kind: Type.Literal('build'),
  build: Type.String({
    description: 'Build an image: what one would write after `docker build`. No shell reads it.',
    examples: ['-t {{.Run.Registry}}/app:{{.Run.ID}} .'],
  }),
  ...common,
  ...container,
});
export type BuildTaskStep = Static<typeof BuildTaskStep>;

/** A step that runs a container: `cmd` is the image and its arguments. */
export const CmdTaskStep = Type.Object({
  kind: Type.Literal('cmd'),
  cmd: Type.String({
    description:
      "Run a container: options of `docker run`, the image, and its arguments. No shell reads it; for pipes, && or variables run one in the container: IMAGE sh -c '…'.",
    examples: ['alpine echo hello'],
  }),
  ...common,
  ...container,
  entryPoint: Type.Optional(
    Type.String({
      description: 'Program to start instead of the one of the image. For cmd.',
      examples: ['/bin/sh'],
    }),
  ),
  pull: Type.Optional(
    Type.Boolean({
      description: 'Pull the image even if the engine has it. For cmd.',
      default: false,
    }),
  ),
  cmdDownloadRetries: Type.Optional(
    Type.Integer({ description: 'Further attempts of pulling the image. For cmd.', default: 0 }),
  ),
  cmdDownloadRetryDelay: Type.Optional(
    Type.Integer({
      description: 'Seconds between the attempts of pulling. For cmd.',
      default: 0,
      maximum: LONGEST_TIME,
    }),
  ),
});
export type CmdTaskStep = Static<typeof CmdTaskStep>;

/** A step that pushes images. */
export const PushTaskStep = Type.Object({
  kind: Type.Literal('push'),
  push: Type.Array(Type.String(), {
    description: 'Push these images, one after the other. Without a tag, :latest is meant.',
    examples: [['{{.Run.Registry}}/app:{{.Run.ID}}']],
  }),
  ...common,
});
export type PushTaskStep = Static<typeof PushTaskStep>;

/** One step of a task file; `kind` is the one of `build`, `cmd` and `push` that was written. */
export const TaskStep = Type.Union([BuildTaskStep, CmdTaskStep, PushTaskStep]);
export type TaskStep = Static<typeof TaskStep>;

/** What a step may have besides, without any effect: it is not part of a step that was read. */
export const StepWithoutEffect = Type.Object({
  exitedWith: Type.Optional(
    Type.Array(Type.Integer(), { description: 'Without effect; only exit code 0 is success.' }),
  ),
  exitedWithout: Type.Optional(
    Type.Array(Type.Integer(), { description: 'Without effect; only exit code 0 is success.' }),
  ),
});
export type StepWithoutEffect = Static<typeof StepWithoutEffect>;
