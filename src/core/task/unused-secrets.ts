import type { Diagnostic, RunRequest } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import type { Secrets } from './secrets.ts';

/** Secrets that nothing of a request reads, told before a run fails for want of them. */
export function unusedSecrets(request: RunRequest, { set, buildArgs }: Secrets): readonly Diagnostic[] {
  const isBuild = request.kind === 'docker-build';
  const lost = Object.keys(isBuild ? set : buildArgs);
  if (lost.length === 0) return [];
  const [given, wanted] = isBuild ? ['set', 'buildArgs'] : ['buildArgs', 'set'];
  return [
    plainError(
      'task-secret-unused',
      `Nothing of this task reads the secret${lost.length === 1 ? '' : 's'} ${lost.join(', ')} of "${given}".`,
      isBuild
        ? `A build from a Dockerfile takes secrets as "${wanted}".`
        : `A task file takes secrets as "${wanted}", and reads them as {{.Values.NAME}}.`,
    ),
  ];
}
