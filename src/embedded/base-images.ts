import type Docker from 'dockerode';
import { makeBusybox } from './base-images/busybox.ts';
import { knownReferences, type Recipe, recipeFor, withTag } from './base-images/catalogue.ts';
import { makeDebian } from './base-images/debian.ts';
import { makeOnDebian } from './base-images/on-debian.ts';
import type { Workshop } from './base-images/workshop.ts';
import { askEngine, engineClient } from './engine-client.ts';
import { finishProgress } from './engine-stream.ts';
import type { Environment } from './packages.ts';

/** Which images an engine is to have. */
export interface BaseImagesOptions {
  readonly dockerHost: string;
  /** Like "busybox" or "node:22-bookworm-slim". */
  readonly names: readonly string[];
  /** Kept between runs; what took long to make is taken from here the next time. */
  readonly cacheDir: string;
  /** Whether packages needed to make an image (debootstrap) may be installed; default true. */
  readonly install?: boolean;
  /** The caller's environment; default: an empty one with the usual folders for programs. */
  readonly env?: Environment;
  /** Gets one line for each image that had to be made. */
  readonly onNotice: (line: string) => void;
}

/**
 * Sees to it that `FROM <name>` works on the engine for each name: an image that is there is left alone, else it is
 * pulled, else, where Docker Hub does not answer, made on this machine (a real one, though not Docker Hub's).
 */
export async function ensureBaseImages(options: BaseImagesOptions, signal?: AbortSignal): Promise<void> {
  const env = options.env ?? {};
  const docker = engineClient(options.dockerHost, env);
  const missing: string[] = [];
  for (const name of options.names) if (!(await hasImage(docker, withTag(name)))) missing.push(withTag(name));
  if (missing.length === 0) return;
  const shop: Workshop = {
    docker,
    architecture: (await askEngine(docker, 10_000)).architecture,
    cacheDir: options.cacheDir,
    install: options.install ?? true,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    onNotice: options.onNotice,
    signal: signal ?? new AbortController().signal,
  };
  let pull: Pull = 'pulled';
  for (const reference of missing) {
    if (pull !== 'no answer') pull = await tryPull(docker, reference, shop.signal); // asked once; each try takes seconds
    if (pull !== 'pulled') await makeAndSay(shop, reference, pull);
  }
}

async function hasImage(docker: Docker, reference: string): Promise<boolean> {
  return docker
    .getImage(reference)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/** How long a pull may take until its first sign of life, and then from one sign to the next. */
const FIRST_SIGN_MS = 6_000;
const NEXT_SIGN_MS = 60_000;

/** How a pull went. `refused`: Docker Hub answered, and has or gives no such image. */
type Pull = 'pulled' | 'refused' | 'no answer';

async function tryPull(docker: Docker, reference: string, signal: AbortSignal): Promise<Pull> {
  const tooLong = new AbortController();
  let timer = setTimeout(() => tooLong.abort(), FIRST_SIGN_MS);
  const stillAlive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => tooLong.abort(), NEXT_SIGN_MS);
  };
  try {
    const stream = await docker.pull(reference, { abortSignal: AbortSignal.any([signal, tooLong.signal]) });
    await finishProgress(stream, stillAlive);
    return 'pulled';
  } catch (error) {
    signal.throwIfAborted();
    return /not found|manifest unknown|denied|toomanyrequests/.test(String(error)) ? 'refused' : 'no answer';
  } finally {
    clearTimeout(timer);
  }
}

async function makeAndSay(shop: Workshop, reference: string, pull: Pull): Promise<void> {
  const why = pull === 'refused' ? 'Docker Hub does not give it' : 'Docker Hub does not answer';
  const recipe = recipeFor(reference);
  if (!recipe) {
    throw new Error(
      `The image ${reference} can not be pulled (${why}), and there is no recipe to make it. ` +
        `Let the Docker Engine reach Docker Hub, or use one that can be made here: ${knownReferences().join(', ')}.`,
    );
  }
  shop.onNotice(`Making the base image ${reference} on this machine, because ${why}.`);
  await make(shop, recipe);
}

/** Makes the image of a recipe under all its names that the engine does not have yet. */
async function make(shop: Workshop, recipe: Recipe): Promise<void> {
  const [first, ...others] = recipe.references;
  switch (recipe.kind) {
    case 'busybox':
      await makeBusybox(shop, first);
      break;
    case 'debian':
      await makeDebian(shop, first);
      break;
    case 'node':
    case 'redis':
    case 'registry':
      await makeOnDebian(shop, recipe, () => debian(shop));
      break;
    default:
      recipe.kind satisfies never;
  }
  for (const other of others) if (!(await hasImage(shop.docker, other))) await tag(shop.docker, first, other);
}

async function debian(shop: Workshop): Promise<string> {
  const reference = 'debian:bookworm-slim';
  const recipe = recipeFor(reference);
  if (recipe && !(await hasImage(shop.docker, reference))) await make(shop, recipe);
  return reference;
}

async function tag(docker: Docker, from: string, to: string): Promise<void> {
  const colon = to.lastIndexOf(':');
  await docker.getImage(from).tag({ repo: to.slice(0, colon), tag: to.slice(colon + 1) });
}
