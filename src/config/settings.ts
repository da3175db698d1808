import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { SecretSettings } from './secret-settings.ts';

/** Every setting, by the name of its environment variable. Secrets may come as `NAME_FILE` instead. */
export const Settings = Type.Object({
  REDIS_URL: Type.String({
    default: 'redis://127.0.0.1:6379',
    pattern: '^rediss?://',
    description: 'a URL that begins with redis:// or rediss://',
  }),
  DOCKER_HOST: Type.Optional(
    Type.String({
      // Those with TLS are refused with a cure of their own.
      pattern: '^(unix|tcp|https?|ssh)://',
      description: 'a URL like unix:///var/run/docker.sock or tcp://host:2375 (without TLS)',
    }),
  ),
  SLIPWAY_HOST: Type.String({ default: '127.0.0.1', description: 'the address the API listens on' }),
  SLIPWAY_PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: 'a port, 0 to 65535' }),
  SLIPWAY_TOKEN: Type.Optional(Type.String({ minLength: 16, description: 'a secret of at least 16 characters' })),
  SLIPWAY_SECRET_KEYS: Type.Optional(
    Type.String({ description: 'keys of 32 bytes in base64, with commas between them' }),
  ),
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
  SLIPWAY_SBOM: Type.String({ default: 'off', pattern: '^(on|off)$', description: 'on or off' }),
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
/** Settings that are right each for itself. */
export type Settings = Static<typeof Settings>;

/** What is wrong with settings each for itself: a sentence for each, in which no secret is shown. */
export function settingProblems(settings: unknown): readonly string[] {
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(Settings.properties)) {
    const value = Value.Pointer.Get(settings, `/${name}`);
    if (value === undefined || Value.Check(setting, value)) continue;
    const shown = /TOKEN|PASSWORD|URL|SECRET_ID|SECRET_KEYS|CLIENT_SECRET|CREDENTIALS/.test(name)
      ? ''
      : `=${String(value)}`;
    // Every setting above has one; TypeBox's types do not tell.
    const { description } = setting as { description?: string };
    problems.push(`${name}${shown} is not ${description}.`);
  }
  return problems;
}
