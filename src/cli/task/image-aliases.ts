import { plainError } from '../../core/diagnostic.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { parseImageAliases } from '../../core/task-file/alias/image-aliases.ts';

/** The images of `SLIPWAY_IMAGE_ALIASES`, the setting that a worker reads too. */
export function readImageAliases(
  env: Readonly<Record<string, string | undefined>>,
): Result<ReadonlyMap<string, string>> {
  const { aliases, problems } = parseImageAliases(env.SLIPWAY_IMAGE_ALIASES ?? '');
  if (problems.length === 0) return success(aliases);
  const hint = 'Set it like bash=bash:5,az=registry.example.com/az:1, or not at all.';
  return failure(problems.map((problem) => plainError('image-aliases', `SLIPWAY_IMAGE_ALIASES ${problem}.`, hint)));
}
