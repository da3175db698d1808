import { formatReference, parseImageReference, withDefaultTag } from '../../../src/core/image-reference.ts';
import { parseOptionFields, parsePairs } from '../../../src/core/plan/words/option-values.ts';
import type { BuildStep } from '../../../task-schemas/index.ts';

/** A `moby.buildkit.v1.SolveRequest`, with the fields that we use. */
export interface SolveRequest {
  readonly Ref: string;
  readonly Exporter: string;
  readonly ExporterAttrs: Readonly<Record<string, string>>;
  readonly Session: string;
  readonly Frontend: string;
  readonly FrontendAttrs: Readonly<Record<string, string>>;
  readonly Cache: { readonly Exports: readonly CacheExport[] };
  readonly Entitlements: readonly string[];
}

interface CacheExport {
  readonly Type: string;
  readonly Attrs: Readonly<Record<string, string>>;
}

/** Where such a build takes place, and what it reads. */
export interface SolvePlace {
  readonly session: string;
  /** Path in the folder that the session calls `dockerfile`. */
  readonly dockerfile: string;
  /** The image that looks for packages, when the step does not name one. */
  readonly sbomScanner: string | undefined;
  /** The control group of RUN instructions; undefined: the engine's own. */
  readonly cgroupParent: string | undefined;
}

/**
 * A build as BuildKit itself takes it; pure. It says what `POST /build` would say for the step, and what that cannot:
 * several platforms, attestations, a place for layers.
 */
export function solveRequest(
  step: BuildStep,
  { session, dockerfile, sbomScanner, cgroupParent }: SolvePlace,
): SolveRequest {
  return {
    Ref: session,
    Exporter: 'moby',
    ExporterAttrs: step.images.length === 0 ? {} : { name: step.images.map(fullName).join(',') },
    Session: session,
    Frontend: 'dockerfile.v0',
    FrontendAttrs: {
      filename: dockerfile,
      'image-resolve-mode': step.pull ? 'pull' : 'default',
      ...given('target', step.target),
      ...given('platform', step.platforms?.join(',')),
      ...prefixed('build-arg:', step.buildArgs),
      ...prefixed('label:', step.labels),
      ...(step.noCache ? { 'no-cache': '' } : {}),
      ...(step.cacheFrom.length === 0 ? {} : { 'cache-from': step.cacheFrom.join(',') }),
      ...attestations(step, sbomScanner),
      ...limitsOf(step),
      ...given('cgroup-parent', cgroupParent),
    },
    Cache: { Exports: exportsOf(step) },
    Entitlements: step.buildNetwork === 'host' ? ['network.host'] : [],
  };
}

function limitsOf({ buildNetwork, extraHosts, shmSizeBytes, ulimits }: BuildStep): Record<string, string> {
  const isForced = buildNetwork === 'host' || buildNetwork === 'none';
  const hosts = extraHosts.map((host) => host.replace(':', '='));
  const limits = ulimits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`);
  return {
    ...(isForced ? { 'force-network-mode': buildNetwork } : {}),
    ...(hosts.length === 0 ? {} : { 'add-hosts': hosts.join(',') }),
    ...given('shm-size', shmSizeBytes?.toString()),
    ...(limits.length === 0 ? {} : { ulimit: limits.join(',') }),
  };
}

function attestations({ provenance, sbom }: BuildStep, scanner: string | undefined): Record<string, string> {
  const usual = scanner === undefined ? '' : `generator=${scanner}`;
  return {
    ...(provenance === undefined || provenance === 'false' ? {} : { 'attest:provenance': provenance }),
    ...(sbom === undefined || sbom === 'false' ? {} : { 'attest:sbom': sbom === '' ? usual : sbom }),
  };
}

/** Where the layers go: what the step says, and into the image itself when its argument for that is set. */
function exportsOf({ cacheTo, buildArgs }: BuildStep): readonly CacheExport[] {
  const inline = buildArgs.findLast((arg) => arg.startsWith('BUILDKIT_INLINE_CACHE='));
  const isInline = inline !== undefined && /=(?:1|t|true)$/i.test(inline);
  const places = cacheTo.map((text) => {
    const { type = 'registry', ...Attrs } = Object.fromEntries(parseOptionFields(text));
    return { Type: type, Attrs };
  });
  return [...places, ...(isInline ? [{ Type: 'inline', Attrs: {} }] : [])];
}

function prefixed(prefix: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(parsePairs(texts)).map(([key, value]) => [prefix + key, value]));
}

function given(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

/** The exporter takes names in full. */
function fullName(image: string): string {
  const parsed = parseImageReference(image);
  return parsed.kind === 'valid' ? formatReference(withDefaultTag(parsed)) : image;
}
