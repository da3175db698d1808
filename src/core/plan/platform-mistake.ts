import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import type { RunContext } from '../run/run-context.ts';

/** Why no worker can carry out a run for the platform that was asked for; undefined when that is Linux's. */
export function platformMistake({ os, architecture }: Pick<RunContext, 'os' | 'architecture'>): Diagnostic | undefined {
  if (os === 'linux' || os === '') return undefined;
  const message = `The run is for ${os}/${architecture}, but workers run Linux containers only`;
  const cure = `Leave the platform out, or ask for linux/${architecture || 'amd64'}; images for ${os} are built where it runs.`;
  return plainError('platform-unsupported', message, cure);
}
