import type { DockerBuildRequest } from '../../../../task-schemas/index.ts';
import { quoteWord } from '../words/shell-words.ts';

/** What a one-off build says, with its templates rendered. */
export interface QuickBuildWords {
  readonly images: string[];
  readonly file: string | undefined;
  readonly target: string | undefined;
  readonly buildArgs: string[];
  readonly labels: string[];
}

/** The build as one would write it in a task file, in the reference's order (section 7.1). */
export function quickBuildText(
  { pull, noCache, platform }: DockerBuildRequest,
  { images, file = 'Dockerfile', target, buildArgs, labels }: QuickBuildWords,
): string {
  const words = [
    ...(pull === true ? ['--pull'] : []),
    ...labels.flatMap((label) => ['--label', label]),
    ...(noCache === true ? ['--no-cache'] : []),
    ...['-f', file],
    ...images.flatMap((image) => ['-t', image]),
    ...buildArgs.flatMap((arg) => ['--build-arg', arg]),
    ...(target === undefined ? [] : ['--target', target]),
    ...(platform === undefined ? [] : ['--platform', platform]),
    '.',
  ];
  return words.map(quoteWord).join(' ');
}
