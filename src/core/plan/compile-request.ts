import type { RunPlan, RunRequest } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import { failure, type Result } from '../result.ts';
import type { RunContext } from '../run/run-context.ts';
import { unreachable } from '../unreachable.ts';
import { compileDockerBuild } from './compile-docker-build.ts';
import { compileTask } from './compile-task.ts';

/**
 * The plan of a run, or everything that is wrong with what was asked for.
 * @param taskText the text of the task file in the source, for a request of the kind `task-file`; undefined: no such file
 * @param knownRegistries hosts besides the run's own that the names of a one-off build may begin with
 */
export function compileRequest(
  request: RunRequest,
  taskText: string | undefined,
  context: RunContext,
  knownRegistries: readonly string[] = [],
): Result<RunPlan> {
  switch (request.kind) {
    case 'docker-build':
      return compileDockerBuild(request, context, knownRegistries);
    case 'encoded-task':
      return compileTask({ ...request, fileName: request.taskName ?? 'task.yaml', context });
    case 'task-file':
      if (taskText === undefined) return missingTaskFile(request.taskFile);
      return compileTask({ ...request, taskText, fileName: request.taskFile, context });
    default:
      return unreachable(request);
  }
}

function missingTaskFile(path: string): Result<RunPlan> {
  const hint =
    'The path starts at the root of the source; check it, and that .dockerignore does not leave the file out.';
  return failure([plainError('task-file-missing', `The source has no file "${path}"`, hint)]);
}
