import path from 'node:path';
import { Value } from 'typebox/value';
import type { SecretProviders } from '../core/secret/secret-providers.ts';
import { BadConfig } from './bad-config.ts';
import { type Environment, readGiven } from './given.ts';
import { SecretSettings } from './secret-settings.ts';
import { secretProviders } from './secrets.ts';
import { Settings, settingProblems } from './settings.ts';
import { readTexts, type Texts } from './texts.ts';
import { problemsTogether } from './together.ts';

/** What the processes of Slipway need to know. Frozen; read once by the mains. */
export interface Config extends Omit<Texts, 'keyVaults'> {
  readonly redisUrl: string;
  readonly dockerHost: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  /** Absolute folder; blobs and the worker's sources live in it. */
  readonly dataDirectory: string;
  readonly registry: string;
  readonly registryCredential: { readonly username: string; readonly password: string } | undefined;
  /** The stores that have the secrets of tasks. */
  readonly secrets: SecretProviders;
  /** Whether pushed images get a statement of how they were made: where the registry keeps such, or `always`. */
  readonly provenance: string;
  /** Whether images get a list of their packages (SBOM) unless their step says otherwise. */
  readonly sbom: boolean;
  /** The image that lists the packages of an image for BuildKit. */
  readonly sbomScanner: string | undefined;
  readonly pool: string;
  readonly concurrency: number;
  readonly workerName: string | undefined;
  readonly graceMs: number;
  /** Whether layers travel from run to run through the registry. */
  readonly layerCache: boolean;
  /** Whether built images get labels that say where they are from. */
  readonly imageLabels: boolean;
  readonly maxSourceBytes: number;
  /** Hosts that sources may come from: all but the metadata of clouds, or those of the public internet. */
  readonly sourceHosts: 'any' | 'public';
  readonly logLimitBytes: number;
  /** How long the logs of runs that have ended are kept. */
  readonly logLifeMs: number;
  readonly logLevel: string;
}

/** Reads the settings from environment variables; throws `BadConfig` with all problems at once. */
export function readConfig(env: Environment): Config {
  const { given, problems: unread } = readGiven(env);
  const settings = Value.Convert(Settings, Value.Default(Settings, { ...given }));
  const { texts, problems: misread } = readTexts(given);
  const problems = [...unread, ...settingProblems(settings), ...problemsTogether(given, env), ...misread];
  if (problems.length > 0 || !Value.Check(Settings, settings)) throw new BadConfig(problems);
  return Object.freeze(asConfig(settings, texts, env));
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
export function readExecConfig(env: Environment): ExecConfig {
  const more = ['SLIPWAY_SOURCE_CREDENTIALS', 'SLIPWAY_PROVENANCE', 'SLIPWAY_SBOM_SCANNER'];
  const needed = new Set([...Object.keys(SecretSettings), ...more]);
  const others = Object.keys(Settings.properties).filter((name) => !needed.has(name));
  const skipped = new Set(['DOCKER_TLS_VERIFY', ...others.flatMap((name) => [name, `${name}_FILE`])]);
  return readConfig(Object.fromEntries(Object.entries(env).filter(([name]) => !skipped.has(name))));
}

function asConfig(settings: Settings, { keyVaults, ...texts }: Texts, env: Environment): Config {
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
    secrets: secretProviders(settings, keyVaults, env),
    provenance: settings.SLIPWAY_PROVENANCE,
    sbom: settings.SLIPWAY_SBOM === 'on',
    sbomScanner: settings.SLIPWAY_SBOM_SCANNER,
    pool: settings.SLIPWAY_POOL,
    concurrency: settings.SLIPWAY_CONCURRENCY,
    workerName: settings.SLIPWAY_WORKER_NAME,
    graceMs: settings.SLIPWAY_GRACE_SECONDS * 1000,
    ...texts,
    layerCache: settings.SLIPWAY_LAYER_CACHE === 'on',
    imageLabels: settings.SLIPWAY_IMAGE_LABELS === 'on',
    maxSourceBytes: settings.SLIPWAY_MAX_SOURCE_BYTES,
    sourceHosts: settings.SLIPWAY_SOURCE_HOSTS === 'public' ? 'public' : 'any',
    logLimitBytes: settings.SLIPWAY_LOG_LIMIT_BYTES,
    logLifeMs: settings.SLIPWAY_LOG_DAYS * 86_400_000,
    logLevel: settings.SLIPWAY_LOG_LEVEL,
  };
}
