import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { registrySignIns, SecretSettings, secretProblems, secretProviders } from './config-secrets.ts';
import { renderBriefly } from './core/diagnostic.ts';
import { parsePolicy } from './core/policy/read-policy.ts';
import { STRICT_POLICY, type WorkerPolicy } from './core/policy/worker-policy.ts';
import type { WorkerSignIn } from './core/registry-credentials-file.ts';
import type { SecretProviders } from './core/secret/secret-providers.ts';
import { parseSourceCredentials, type SourceCredentials } from './core/source/credentials.ts';
import { parseImageAliases } from './core/task-file/alias/image-aliases.ts';

/** Every setting, by the name of its environment variable. Secrets may come as `NAME_FILE` instead. */
const Settings = Type.Object({
  REDIS_URL: Type.String({
    default: 'redis://127.0.0.1:6379',
    pattern: '^rediss?://',
    description: 'a URL that begins with redis:// or rediss://',
  }),
  DOCKER_HOST: Type.Optional(
    Type.String({
      pattern: '^(unix|tcp|http)://',
      description: 'a URL like unix:///var/run/docker.sock or tcp://host:2375 (without TLS)',
    }),
  ),
  SLIPWAY_HOST: Type.String({ default: '127.0.0.1', description: 'the address the API listens on' }),
  SLIPWAY_PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: 'a port, 0 to 65535' }),
  SLIPWAY_TOKEN: Type.Optional(Type.String({ minLength: 16, description: 'a secret of at least 16 characters' })),
  SLIPWAY_DATA: Type.String({ default: '.slipway', description: 'a folder' }),
  SLIPWAY_REGISTRY: Type.String({
    default: '127.0.0.1:5000',
    pattern: '^[a-zA-Z0-9.-]+(:[0-9]+)?$',
    description: 'a registry as host or host:port, without scheme or path',
  }),
  SLIPWAY_REGISTRY_USERNAME: Type.Optional(Type.String({ description: 'a name' })),
  SLIPWAY_REGISTRY_PASSWORD: Type.Optional(Type.String({ description: 'a password' })),
  ...SecretSettings,
  SLIPWAY_PROVENANCE: Type.String({
    default: 'referrers',
    pattern: '^(off|referrers|always)$',
    description: 'one of off, referrers, always',
  }),
  SLIPWAY_SBOM_SCANNER: Type.Optional(Type.String({ description: 'an image' })),
  SLIPWAY_POOL: Type.String({
    default: 'default',
    pattern: '^[a-z0-9-]{1,40}$',
    description: '1 to 40 lower-case letters, digits or dashes',
  }),
  SLIPWAY_CONCURRENCY: Type.Integer({ default: 2, minimum: 1, maximum: 100, description: 'a number from 1 to 100' }),
  SLIPWAY_WORKER_NAME: Type.Optional(Type.String({ description: 'a name' })),
  SLIPWAY_GRACE_SECONDS: Type.Integer({
    default: 30,
    minimum: 0,
    // A timer that is given more than 24.8 days fires at once; nobody waits longer than a run may take.
    maximum: 86_400,
    description: 'a whole number of seconds, at most 86400',
  }),
  SLIPWAY_IMAGE_ALIASES: Type.Optional(Type.String({ description: 'a list like bash=bash:5,az=r.test/az:1' })),
  SLIPWAY_POLICY: Type.Optional(Type.String({ description: 'a policy in YAML or JSON' })),
  SLIPWAY_LAYER_CACHE: Type.String({ default: 'on', pattern: '^(on|off)$', description: 'on or off' }),
  SLIPWAY_IMAGE_LABELS: Type.String({ default: 'on', pattern: '^(on|off)$', description: 'on or off' }),
  SLIPWAY_MAX_SOURCE_BYTES: Type.Integer({ default: 1_073_741_824, minimum: 1, description: 'a number of bytes' }),
  SLIPWAY_SOURCE_CREDENTIALS: Type.Optional(Type.String({ description: 'a JSON object by host' })),
  SLIPWAY_SOURCE_HOSTS: Type.String({
    default: 'any',
    pattern: '^(any|public)$',
    description: 'any or public',
  }),
  SLIPWAY_LOG_LIMIT_BYTES: Type.Integer({
    default: 67_108_864,
    minimum: 1_024,
    description: 'a number of bytes, at least 1024',
  }),
  SLIPWAY_LOG_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 36_500,
    description: 'a number of days, at least 1 and at most 36500',
  }),
  SLIPWAY_LOG_LEVEL: Type.String({
    default: 'info',
    pattern: '^(debug|info|warn|error|silent)$',
    description: 'one of debug, info, warn, error, silent',
  }),
});
type Settings = Static<typeof Settings>;

/** What the processes of Slipway need to know. Frozen; read once by the mains. */
export interface Config {
  readonly redisUrl: string;
  readonly dockerHost: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  /** Absolute folder; blobs and the worker's sources live in it. */
  readonly dataDirectory: string;
  readonly registry: string;
  readonly registryCredential: { readonly username: string; readonly password: string } | undefined;
  /** Credentials of other registries. */
  readonly registrySignIns: readonly WorkerSignIn[];
  /** The stores that have the secrets of tasks. */
  readonly secrets: SecretProviders;
  /** Whether pushed images get a statement of how they were made: where the registry keeps such, or `always`. */
  readonly provenance: string;
  /** The image that lists the packages of an image for BuildKit. */
  readonly sbomScanner: string | undefined;
  readonly pool: string;
  readonly concurrency: number;
  readonly workerName: string | undefined;
  readonly graceMs: number;
  /** Images for names that a `cmd` may begin with, besides the built-in ones or in their place. */
  readonly imageAliases: ReadonlyMap<string, string>;
  /** What the steps on a worker may ask of it. */
  readonly policy: WorkerPolicy;
  /** Whether layers travel from run to run through the registry. */
  readonly layerCache: boolean;
  /** Whether built images get labels that say where they are from. */
  readonly imageLabels: boolean;
  readonly maxSourceBytes: number;
  /** How workers sign in to the hosts that sources come from. */
  readonly sourceCredentials: SourceCredentials;
  /** Hosts that sources may come from: all but the metadata of clouds, or those of the public internet. */
  readonly sourceHosts: 'any' | 'public';
  readonly logLimitBytes: number;
  /** How long the logs of runs that have ended are kept. */
  readonly logLifeMs: number;
  readonly logLevel: string;
}

/** The environment cannot be used; the message lists every problem. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
}

/** Reads the settings from environment variables; throws `BadConfig` with all problems at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const given = readGiven(env, problems);
  const settings = Value.Convert(Settings, Value.Default(Settings, given));
  problems.push(...problemsOf(settings), ...secretProblems(Object(settings), env));
  if (problems.length > 0 || !Value.Check(Settings, settings)) throw new BadConfig(problems);
  return Object.freeze(asConfig(settings, env));
}

/** What `slipway exec` has in common with a worker. */
export type ExecConfig = Pick<
  Config,
  'secrets' | 'registrySignIns' | 'sourceCredentials' | 'provenance' | 'sbomScanner'
>;

/**
 * Only the stores of secrets, the credentials of registries and hosts of sources, and what is told of images, for a
 * command that needs no other setting; throws `BadConfig` with all problems of these.
 */
export function readExecConfig(env: Readonly<Record<string, string | undefined>>): ExecConfig {
  const more = ['SLIPWAY_SOURCE_CREDENTIALS', 'SLIPWAY_PROVENANCE', 'SLIPWAY_SBOM_SCANNER'];
  const needed = new Set([...Object.keys(SecretSettings), ...more]);
  const others = Object.keys(Settings.properties).filter((name) => !needed.has(name));
  const skipped = new Set(others.flatMap((name) => [name, `${name}_FILE`]));
  return readConfig(Object.fromEntries(Object.entries(env).filter(([name]) => !skipped.has(name))));
}

function readGiven(env: Readonly<Record<string, string | undefined>>, problems: string[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(Settings.properties)) {
    const value = env[name];
    // What is itself a setting is no file with the value of another.
    const file = `${name}_FILE` in Settings.properties ? undefined : env[`${name}_FILE`];
    if (value && file) problems.push(`${name} and ${name}_FILE are both set: keep one of them.`);
    const used = value || (file ? readSecret(name, file, problems) : undefined);
    if (used) given[name] = used;
  }
  return given;
}

function readSecret(name: string, file: string, problems: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    return undefined;
  }
}

function problemsOf(settings: unknown): string[] {
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(Settings.properties)) {
    const value = Value.Pointer.Get(settings, `/${name}`);
    if (value === undefined || Value.Check(setting, value)) continue;
    const shown = /TOKEN|PASSWORD|URL|SECRET_ID|CLIENT_SECRET|CREDENTIALS/.test(name) ? '' : `=${String(value)}`;
    // Every setting above has one; TypeBox's types do not tell.
    const { description } = setting as { description?: string };
    problems.push(`${name}${shown} is not ${description}.`);
  }
  const has = (name: string) => Value.Pointer.Get(settings, `/${name}`) !== undefined;
  if (has('SLIPWAY_REGISTRY_USERNAME') !== has('SLIPWAY_REGISTRY_PASSWORD')) {
    problems.push('SLIPWAY_REGISTRY_USERNAME and SLIPWAY_REGISTRY_PASSWORD belong together: set both or none.');
  }
  const aliases = Value.Pointer.Get(settings, '/SLIPWAY_IMAGE_ALIASES');
  if (typeof aliases === 'string') {
    problems.push(...parseImageAliases(aliases).problems.map((problem) => `SLIPWAY_IMAGE_ALIASES ${problem}.`));
  }
  const policy = Value.Pointer.Get(settings, '/SLIPWAY_POLICY');
  if (typeof policy === 'string') problems.push(...policyProblems(policy));
  const credentials = Value.Pointer.Get(settings, '/SLIPWAY_SOURCE_CREDENTIALS');
  if (typeof credentials === 'string') {
    const found = parseSourceCredentials(credentials).problems;
    problems.push(...found.map((problem) => `SLIPWAY_SOURCE_CREDENTIALS ${problem}.`));
  }
  return problems;
}

/** A worker that starts with less than its operator wrote would refuse runs, one with more would take them. */
function policyProblems(text: string): readonly string[] {
  const policy = parsePolicy(text, 'SLIPWAY_POLICY');
  return policy.ok ? [] : policy.diagnostics.map((problem) => `SLIPWAY_POLICY, ${renderBriefly(problem)}`);
}

function readPolicy(text: string | undefined): WorkerPolicy {
  const policy = text === undefined ? undefined : parsePolicy(text, 'SLIPWAY_POLICY');
  return policy?.ok ? policy.value : STRICT_POLICY;
}

function asConfig(settings: Settings, env: Readonly<Record<string, string | undefined>>): Config {
  const { SLIPWAY_REGISTRY_USERNAME: username, SLIPWAY_REGISTRY_PASSWORD: password } = settings;
  return {
    redisUrl: settings.REDIS_URL,
    dockerHost: settings.DOCKER_HOST,
    host: settings.SLIPWAY_HOST,
    port: settings.SLIPWAY_PORT,
    token: settings.SLIPWAY_TOKEN,
    dataDirectory: path.resolve(settings.SLIPWAY_DATA),
    registry: settings.SLIPWAY_REGISTRY,
    registryCredential: username !== undefined && password !== undefined ? { username, password } : undefined,
    registrySignIns: registrySignIns(settings),
    secrets: secretProviders(settings, env),
    provenance: settings.SLIPWAY_PROVENANCE,
    sbomScanner: settings.SLIPWAY_SBOM_SCANNER,
    pool: settings.SLIPWAY_POOL,
    concurrency: settings.SLIPWAY_CONCURRENCY,
    workerName: settings.SLIPWAY_WORKER_NAME,
    graceMs: settings.SLIPWAY_GRACE_SECONDS * 1000,
    imageAliases: parseImageAliases(settings.SLIPWAY_IMAGE_ALIASES ?? '').aliases,
    policy: readPolicy(settings.SLIPWAY_POLICY),
    layerCache: settings.SLIPWAY_LAYER_CACHE === 'on',
    imageLabels: settings.SLIPWAY_IMAGE_LABELS === 'on',
    maxSourceBytes: settings.SLIPWAY_MAX_SOURCE_BYTES,
    sourceCredentials: parseSourceCredentials(settings.SLIPWAY_SOURCE_CREDENTIALS ?? '{}').credentials,
    sourceHosts: settings.SLIPWAY_SOURCE_HOSTS === 'public' ? 'public' : 'any',
    logLimitBytes: settings.SLIPWAY_LOG_LIMIT_BYTES,
    logLifeMs: settings.SLIPWAY_LOG_DAYS * 86_400_000,
    logLevel: settings.SLIPWAY_LOG_LEVEL,
  };
}
