import type { StepOutput } from '../../src/ports/step-engine.ts';
import { type BuildCounts, createBuildCount } from './build-count.ts';
import { createBuildProgress, type ProgressLine, type SecretHiding } from './build-progress.ts';
import { EngineFault } from './engine-error.ts';
import { isAboutHold } from './held-images.ts';
import { type EngineMessage, readMessages, textField } from './json-stream.ts';
import { decodeStatus } from './proto/status.ts';

/** How a build ended, in the builder's own words, and what came of its instructions. */
export type BuildEnd = { readonly counts: BuildCounts } & (
  | { readonly kind: 'built'; readonly imageId: string }
  | { readonly kind: 'failed'; readonly message: string; readonly instruction: string | undefined }
);

/**
 * Passes a build's progress on as lines and answers how it ended. A stream that ends with neither an image nor an error
 * is a fault, not a success. `hiding` is for lines that are too long to be shown whole.
 */
export async function followBuild(
  stream: AsyncIterable<Uint8Array>,
  hiding: SecretHiding,
  output: StepOutput,
): Promise<BuildEnd> {
  const progress = createBuildProgress(hiding);
  const count = createBuildCount();
  let imageId: string | undefined;
  let problem: string | undefined;
  for await (const message of readMessages(stream)) {
    problem ??= message.error;
    imageId = imageOf(message) ?? imageId;
    await show(linesOf(message, progress, count), output);
  }
  await show(progress.rest(), output);
  const counts = count.result();
  if (problem !== undefined) return { kind: 'failed', message: problem, instruction: progress.failure()?.name, counts };
  if (imageId === undefined) throw new EngineFault('The engine ended the build without an image and without an error.');
  return { kind: 'built', imageId, counts };
}

/** BuildKit names the image in a message with an id of its own, the classic builder without one. */
function imageOf({ id, aux }: EngineMessage): string | undefined {
  return id === undefined || id === 'moby.image.id' ? textField(aux, 'ID') : undefined;
}

function linesOf(
  message: EngineMessage,
  progress: ReturnType<typeof createBuildProgress>,
  count: ReturnType<typeof createBuildCount>,
): readonly ProgressLine[] {
  if (message.id === 'moby.buildkit.trace') {
    if (typeof message.aux !== 'string') return [];
    const status = decodeStatus(Buffer.from(message.aux, 'base64'));
    count.see(status);
    return progress.see(status);
  }
  if (message.stream !== undefined) {
    count.seeText(message.stream);
    return [{ stream: 'stdout', bytes: Buffer.from(message.stream) }];
  }
  // The classic builder's pulls: the many states of single layers (with an id) are left out.
  if (message.status !== undefined && (message.id === undefined || /^Pulling from/.test(message.status))) {
    return [{ stream: 'stdout', bytes: Buffer.from(`${message.status}\n`) }];
  }
  return [];
}

async function show(lines: readonly ProgressLine[], output: StepOutput): Promise<void> {
  for (const { stream, bytes } of lines) {
    if (isAboutHold(bytes)) continue;
    const written = output.write(stream, bytes);
    if (written !== undefined) await written;
  }
}
