import { type Static, Type } from 'typebox';
import { RunId } from './ids.ts';

/** The longest time a plan may hold, in seconds: timers that are given more than 24.8 days fire at once. */
const maximum = 86_400;

/** What every step of a plan has. All defaults are resolved; times are seconds. */
const common = {
  id: Type.String({ description: 'Also the step’s host name on the run’s network' }),
  dependsOn: Type.Array(Type.String(), {
    description: 'Ids of the steps that must have succeeded; empty: starts at once',
  }),
  timeoutSeconds: Type.Integer({
    minimum: 1,
    maximum,
    description: 'Covers all repeats, retries and retry delays together',
  }),
  startDelaySeconds: Type.Integer({ minimum: 0, maximum }),
  retries: Type.Integer({ minimum: 0, description: 'Further attempts after a failed one' }),
  retryDelaySeconds: Type.Integer({ minimum: 0, maximum }),
  retryOnErrors: Type.Array(Type.String(), {
    description: 'If not empty, retry only when the output of the attempt contains one of these texts',
  }),
  repeat: Type.Integer({ minimum: 0, description: 'Further full executions after the first' }),
  ignoreErrors: Type.Boolean(),
  network: Type.Optional(
    Type.String({
      description: 'A network of the plan, one that the engine has (none, host), or absent: the engine’s usual one',
    }),
  ),
};

/** Where a container sees a volume. */
export const PlannedMount = Type.Object({
  volume: Type.String({
    description:
      'A volume of the plan, the workspace (its name is `.Run.SharedVolume`), or an absolute path of the worker’s machine',
  }),
  path: Type.String({ description: 'Absolute path in the container' }),
  readOnly: Type.Boolean(),
});
export type PlannedMount = Static<typeof PlannedMount>;

/** What a container of the run needs, for cmd steps (and for builds where it applies). */
const container = {
  env: Type.Array(Type.String(), { description: 'KEY=VALUE, in order' }),
  workingDirectory: Type.Optional(
    Type.String({ description: 'Absolute path in the container; absent: the image’s own' }),
  ),
  volumeMounts: Type.Array(PlannedMount),
};

/** Where the layers of a build travel from run to run. */
export const PlannedCache = Type.Union([
  Type.Object({
    kind: Type.Literal('kept'),
    image: Type.String({ description: 'The image that holds the layers of the run before, and then of this one' }),
    pushedBy: Type.Union([Type.Literal('build'), Type.Literal('push')], {
      description: 'The build itself, or the push step that pushes its image anyway',
    }),
  }),
  Type.Object({ kind: Type.Literal('disabled') }, { description: '`cache: disabled`' }),
]);
export type PlannedCache = Static<typeof PlannedCache>;

/** Build an image from a Dockerfile. */
export const BuildStep = Type.Object({
  kind: Type.Literal('build'),
  ...common,
  ...container,
  build: Type.String({ description: 'The text of the step, with templates rendered' }),
  context: Type.String({
    description: 'Path relative to the workspace (never leaves it), or an address the worker fetches',
  }),
  dockerfile: Type.String({ description: 'Path relative to the context, or to the workspace when it starts with /' }),
  images: Type.Array(Type.String(), { description: 'References to tag the result with' }),
  buildArgs: Type.Array(Type.String(), { description: 'KEY=VALUE, in order' }),
  labels: Type.Array(Type.String(), { description: 'KEY=VALUE, in order' }),
  target: Type.Optional(Type.String()),
  platforms: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      description:
        'os/architecture[/variant]; several make one image for all of them. Absent: the platform of the engine',
    }),
  ),
  provenance: Type.Optional(
    Type.String({
      description:
        'What BuildKit puts into the image about how it was made, as `mode=max`; empty: as is usual; `false`: nothing is told anywhere',
    }),
  ),
  sbom: Type.Optional(
    Type.String({
      description: 'How BuildKit lists the packages in the image, as `generator=IMAGE`; empty: as the worker does it',
    }),
  ),
  noCache: Type.Boolean(),
  pull: Type.Boolean({ description: 'Look for newer base images at their registry' }),
  buildNetwork: Type.Optional(Type.String({ description: 'Network of RUN instructions: host, none or default' })),
  cacheFrom: Type.Array(Type.String(), { description: 'Images whose layers may be used again' }),
  cacheTo: Type.Array(Type.String(), { description: 'Where layers are stored, as docker build --cache-to takes it' }),
  cache: Type.Optional(PlannedCache),
  revision: Type.Optional(Type.String({ description: 'Commit of the source, for the report of dependencies' })),
  ownLabels: Type.Optional(
    Type.Array(Type.String(), {
      description: 'KEY=VALUE; labels that say where an image is from, beside those of its base. Absent: neither',
    }),
  ),
  secrets: Type.Array(Type.String(), { description: 'As docker build --secret takes them: id=…,src=… or id=…,env=…' }),
  ssh: Type.Array(Type.String(), { description: 'As docker build --ssh takes them' }),
  extraHosts: Type.Array(Type.String(), { description: 'HOST:ADDRESS' }),
  shmSizeBytes: Type.Optional(Type.Integer({ minimum: 1 })),
  ulimits: Type.Array(
    Type.Object({ name: Type.String(), soft: Type.Integer({ minimum: -1 }), hard: Type.Integer({ minimum: -1 }) }),
  ),
});
export type BuildStep = Static<typeof BuildStep>;

/** Run a container. */
export const CmdStep = Type.Object({
  kind: Type.Literal('cmd'),
  ...common,
  ...container,
  cmd: Type.String({ description: 'The text of the step, with templates rendered and aliases replaced' }),
  image: Type.String(),
  entrypoint: Type.Optional(Type.Array(Type.String())),
  args: Type.Array(Type.String(), { description: 'Arguments after the image; empty: the image’s own command' }),
  user: Type.Optional(Type.String()),
  isolation: Type.Optional(Type.String({ description: 'Windows: default, process or hyperv' })),
  ports: Type.Array(Type.String(), { description: 'Ports to publish, as docker run -p takes them' }),
  expose: Type.Array(Type.String()),
  detach: Type.Boolean({ description: 'The step succeeds as soon as the container runs' }),
  keep: Type.Boolean({ description: 'Keep the container until the run ends' }),
  pull: Type.Boolean({ description: 'Pull the image even if the engine has it' }),
  pullRetries: Type.Integer({ minimum: 0 }),
  pullRetryDelaySeconds: Type.Integer({ minimum: 0, maximum }),
  privileged: Type.Boolean(),
  cpus: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  memoryBytes: Type.Optional(Type.Integer({ minimum: 1 })),
  shmSizeBytes: Type.Optional(Type.Integer({ minimum: 1, description: 'Size of /dev/shm' })),
});
export type CmdStep = Static<typeof CmdStep>;

/** Push images to their registries. */
export const PushStep = Type.Object({
  kind: Type.Literal('push'),
  ...common,
  images: Type.Array(Type.String(), { description: 'References; without tag and digest, `latest` is pushed' }),
  caches: Type.Optional(
    Type.Array(Type.String(), { description: 'Images with layers of builds; what becomes of them fails nothing' }),
  ),
});
export type PushStep = Static<typeof PushStep>;

/** One step of a plan; `kind` tells them apart. */
export const PlannedStep = Type.Union([BuildStep, CmdStep, PushStep]);
export type PlannedStep = Static<typeof PlannedStep>;

/** A network that the steps of the plan may use. */
export const PlannedNetwork = Type.Object({
  name: Type.String(),
  driver: Type.Optional(Type.String()),
  ipv6: Type.Boolean(),
  external: Type.Boolean({ description: 'It exists already: it is neither made nor removed' }),
  isDefault: Type.Boolean(),
});
export type PlannedNetwork = Static<typeof PlannedNetwork>;

/** A volume with secret files; their contents are not part of the plan. */
export const PlannedVolume = Type.Object({
  name: Type.String(),
  files: Type.Array(Type.String(), { description: 'Names of the files' }),
});
export type PlannedVolume = Static<typeof PlannedVolume>;

/** A secret by name and place; its value is not part of the plan. */
export const PlannedSecret = Type.Object({
  id: Type.String(),
  keyvault: Type.String({ description: 'URL of the secret' }),
  clientId: Type.Optional(Type.String({ description: 'Client id of the identity that may read it' })),
});
export type PlannedSecret = Static<typeof PlannedSecret>;

/**
 * A run ready to be executed: aliases, templates, defaults, ids and the graph are resolved and nothing is left to
 * decide. Steps are in file order, which is also a topological order. The texts of its steps hold what templates made of
 * secrets: a plan that is shown or stored is compiled with stand-ins for them.
 */
export const RunPlan = Type.Object({
  runId: RunId,
  version: Type.String({ description: 'Version of the task language' }),
  secrets: Type.Array(PlannedSecret),
  networks: Type.Array(PlannedNetwork),
  volumes: Type.Array(PlannedVolume),
  steps: Type.Array(PlannedStep, { maxItems: 1_000 }),
});
export type RunPlan = Static<typeof RunPlan>;
