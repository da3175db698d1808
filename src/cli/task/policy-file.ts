import { parsePolicy } from '../../core/policy/read-policy.ts';
import type { WorkerPolicy } from '../../core/policy/worker-policy.ts';
import { type Result, success } from '../../core/result.ts';
import { readTextFile } from './task-text.ts';

/** Reads the file that `--policy` names, relative to the folder `cwd`: undefined when there is no such option. */
export async function readPolicyFile(path: string | undefined, cwd: string): Promise<Result<WorkerPolicy | undefined>> {
  if (path === undefined) return success(undefined);
  const file = await readTextFile({ what: 'The policy', option: '--policy' }, path, [cwd]);
  return file.ok ? parsePolicy(file.value.text, path) : file;
}
