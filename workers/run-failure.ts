import type { RunFailure, RunResult } from '../task-schemas/index.ts';
import { UnusableSource } from './source/unusable-source.ts';

/** How a run ends that something was thrown at: a source that cannot be used is the user's, all else is a fault. */
export function failureOf(error: unknown): Extract<RunResult, { failure: RunFailure }> {
  if (error instanceof UnusableSource) {
    return {
      status: 'Failed',
      failure: { code: 'source-unusable', message: error.message, hint: error.hint },
    };
  }
  if (isNoSpace(error)) {
    return {
      status: 'Error',
      failure: {
        code: 'worker-disk-full',
        message: 'The disk of the worker is full.',
        hint: 'Free space on the worker, where SLIPWAY_DATA lies and where its engine keeps images (docker system df), then schedule the run again.',
      },
    };
  }
  return {
    status: 'Error',
    failure: {
      code: 'worker-fault',
      message: `The worker could not go on: ${messages(error).join(': ')}`,
      hint: 'This is not the fault of your task. The log of the worker says more (`slipway exec` prints it); schedule the run again once it is mended.',
    },
  };
}

function isNoSpace(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && (at.code === 'ENOSPC' || at.code === 'EDQUOT')) return true;
    if (/no space left on device|disk quota exceeded/i.test(at.message)) return true;
  }
  return false;
}

/** The message of an error and of its causes, without those that only repeat what was said. */
function messages(error: unknown): string[] {
  const said: string[] = [];
  for (let at = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    const message = at instanceof Error ? at.message : String(at);
    if (!said.some((before) => before.includes(message))) said.push(message);
  }
  return said;
}
