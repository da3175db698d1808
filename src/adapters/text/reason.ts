import type { UnavailableSource } from '../../core/task-file/alias/source-content.ts';
import { Forbidden } from '../../net/guard.ts';

/** Why nothing came from a host (for messages, with its port), as told to whoever wrote its name. */
export function reasonOf(error: unknown, host: string): UnavailableSource {
  if (error instanceof Forbidden) {
    const hint = 'Use a URL of the public internet, put the file into the source, or write the aliases under values:.';
    return { reason: `${host} ${error.message}`, hint };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOTFOUND':
      return { reason: `no host is called ${host}`, hint: 'Check how the host is spelled.' };
    case 'EAI_AGAIN':
      return { reason: `the address of ${host} cannot be found now`, hint: LATER };
    case 'ECONNREFUSED':
      return { reason: `nothing listens at ${host}`, hint: 'Check the host and the port.' };
    default:
      return {
        reason: `${host} cannot be asked: ${error instanceof Error ? error.message : String(error)}`,
        hint: LATER,
      };
  }
}

const LATER = 'Try again later, or put the file into the source.';
