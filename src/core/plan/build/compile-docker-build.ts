/** A one-off build as a plan: a step `build` and, unless nothing is to be pushed, a step `push` (reference, section 7.1). */
import type { BuildStep, Diagnostic, DockerBuildRequest, PushStep, RunPlan } from '../../../../task-schemas/index.ts';
import { plainError, plainWarning } from '../../diagnostic.ts';
import { DOCKER_HUB, parseImageReference } from '../../image-reference.ts';
import { parsePlatforms } from '../../platform.ts';
import { failure, type Result, success } from '../../result.ts';
import type { RunContext } from '../../run/run-context.ts';
import { templateData } from '../../run/template-data.ts';
import { renderTemplate } from '../../template/render.ts';
import type { TemplateValue } from '../../template/value.ts';
import { WORKSPACE } from '../cmd/working-directory.ts';
import { pushNames, quickBuildName } from '../images.ts';
import { resolveBuildPaths } from './build-context.ts';
import { type QuickBuildWords, quickBuildText } from './quick-build-text.ts';

/** Seconds. */
const BUILD_TIMEOUT = 28_800;
const PUSH_TIMEOUT = 3600;
const RETRY_DELAY = 5;

/**
 * Plans a one-off build. Names, build arguments, labels, target and Dockerfile may use templates of `.Run`.
 * @param knownRegistries hosts besides the run's own that names may begin with, for example those with credentials
 */
export function compileDockerBuild(
  request: DockerBuildRequest,
  context: RunContext,
  knownRegistries: readonly string[] = [],
): Result<RunPlan> {
  const render = createRender(context);
  const names = request.images.map((image) => render.text(image, 'image name'));
  const images = names.map((name) => quickBuildName(name, context.registry, knownRegistries));
  const build = planBuild(request, images, render);
  const diagnostics = [...render.diagnostics, ...(render.diagnostics.length > 0 ? [] : checkImages(images))];
  if (build === undefined || diagnostics.length > 0) return failure(diagnostics);
  const steps = request.push === false || images.length === 0 ? [build] : [build, planPush(images)];
  const nothing = { secrets: [], networks: [], volumes: [] };
  return success({ runId: context.id, version: 'v1.0.0', ...nothing, steps }, warningsFor(request, names, images));
}

/** Renders the texts of a request one by one and keeps what is wrong with them. */
interface Render {
  text(template: string, what: string): string;
  readonly diagnostics: Diagnostic[];
}

function createRender(context: RunContext): Render {
  const data = templateData(context, new Map<string, TemplateValue>());
  const diagnostics: Diagnostic[] = [];
  return {
    diagnostics,
    text(template, what) {
      const rendered = renderTemplate(template, data, { fileName: what, now: context.date });
      if (!rendered.ok) diagnostics.push(...rendered.diagnostics);
      else if (rendered.value !== '' || template === '') return rendered.value;
      else
        diagnostics.push(
          plainError(
            'template-empty',
            `The ${what} "${template}" is empty after rendering`,
            'Check the fields it uses.',
          ),
        );
      return '';
    },
  };
}

function common(id: string, timeoutSeconds: number, dependsOn: string[]) {
  return {
    id,
    dependsOn,
    timeoutSeconds,
    startDelaySeconds: 0,
    retries: 0,
    retryDelaySeconds: RETRY_DELAY,
    retryOnErrors: [],
    repeat: 0,
    ignoreErrors: false,
  };
}

function planBuild(request: DockerBuildRequest, images: string[], render: Render): BuildStep | undefined {
  const optional = (text: string | undefined, what: string) =>
    text === undefined ? undefined : render.text(text, what);
  const words: QuickBuildWords = {
    images: [...new Set(images)],
    file: optional(request.dockerfile, 'Dockerfile path'),
    target: optional(request.target, 'target'),
    buildArgs: renderPairs(request.buildArgs, 'build argument', render),
    labels: renderPairs(request.labels, 'label', render),
  };
  const paths = resolveBuildPaths('.', words.file, WORKSPACE);
  if (paths.kind === 'wrong') {
    render.diagnostics.push(plainError(paths.code, paths.message, paths.hint));
    return undefined;
  }
  const { target } = words;
  const platforms = platformsOf(request, render);
  return {
    kind: 'build',
    ...common('build', BUILD_TIMEOUT, []),
    env: [],
    workingDirectory: WORKSPACE,
    volumeMounts: [],
    build: quickBuildText(request, words),
    context: paths.context,
    dockerfile: paths.dockerfile,
    images: words.images,
    buildArgs: words.buildArgs,
    labels: words.labels,
    ...(target === undefined ? {} : { target }),
    ...(platforms === undefined ? {} : { platforms }),
    noCache: request.noCache ?? false,
    pull: request.pull ?? false,
    cacheFrom: [],
    cacheTo: [],
    secrets: [],
    ssh: [],
    extraHosts: [],
    ulimits: [],
  };
}

function platformsOf({ platform }: DockerBuildRequest, render: Render): string[] | undefined {
  if (platform === undefined) return undefined;
  const parsed = parsePlatforms(platform);
  if (parsed.kind === 'valid') return [...parsed.platforms];
  render.diagnostics.push(plainError('platform-invalid', parsed.reason, parsed.hint));
  return undefined;
}

function renderPairs(pairs: Readonly<Record<string, string>> = {}, what: string, render: Render): string[] {
  return Object.entries(pairs).map(([name, value]) => `${name}=${render.text(value, `${what} ${name}`)}`);
}

function planPush(images: readonly string[]): PushStep {
  return { kind: 'push', ...common('push', PUSH_TIMEOUT, ['build']), images: [...pushNames(images).images] };
}

function checkImages(images: readonly string[]): readonly Diagnostic[] {
  return pushNames(images).problems.map(({ reason, hint }) => plainError('image-invalid', reason, hint));
}

/** A host that the run does not know becomes part of the path: that is ACR's rule, but seldom what was meant. */
function warningsFor(
  request: DockerBuildRequest,
  names: readonly string[],
  images: readonly string[],
): readonly Diagnostic[] {
  const surprising = names.filter((name, index) => {
    const reference = parseImageReference(name);
    return images[index] !== name && reference.kind === 'valid' && reference.domain !== DOCKER_HUB;
  });
  const hint = 'Give the worker a credential for that registry, or leave the host out.';
  const found = surprising.map((name) =>
    plainWarning(
      'image-below-registry',
      `"${name}" begins with a registry that the run does not know; it is pushed as ${images[names.indexOf(name)]}`,
      hint,
    ),
  );
  const nothing = request.push !== false && images.length === 0;
  return nothing
    ? [
        ...found,
        plainWarning('nothing-to-push', 'The build has no image name, so nothing is pushed', 'Give it a name with -t.'),
      ]
    : found;
}
