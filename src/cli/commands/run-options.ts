import type { Command } from 'commander';
import type { RunRequest } from '../../../task-schemas/index.ts';
import { platform, wholeNumber } from './option-values.ts';
import { addServerOptions } from './server-options.ts';

/** A day: the most that the API takes. */
const MAX_SECONDS = 86_400;

/** Adds the options about the run itself; `read` reads the platform. */
export function addLimitOptions(command: Command, read = platform): Command {
  return command
    .option('--platform <platform>', 'os/architecture[/variant] to run on, for example linux/arm64', read)
    .option('--timeout <seconds>', 'limit for the whole run', wholeNumber(1, MAX_SECONDS));
}

/** What the options say that `addImageOptions` adds. */
export interface ImageOptions {
  readonly cache: boolean;
  readonly imageLabels: boolean;
}

/** Adds the options about the images that a run builds. */
export function addImageOptions(command: Command): Command {
  return command
    .option('--no-cache', 'build every layer anew; the new ones replace those that were kept')
    .option('--no-image-labels', 'put no labels on images that say where they are from');
}

/** What these options say, as a part of a request. */
export function imageRequest({ cache, imageLabels }: ImageOptions): Pick<RunRequest, 'noCache' | 'imageLabels'> {
  return { ...(cache ? {} : { noCache: true }), ...(imageLabels ? {} : { imageLabels: false }) };
}

/** Adds the options that `build` and `run` have in common. */
export function addRunOptions(command: Command, read = platform): Command {
  addLimitOptions(command, read)
    .option('--no-wait', 'queue the run, print its id and exit with 0')
    .option('--keep-log', 'keep the log also when its time is over (see: slipway keep)')
    .option('--json', 'print the final record of the run as JSON; the log goes to standard error');
  return addServerOptions(command);
}
