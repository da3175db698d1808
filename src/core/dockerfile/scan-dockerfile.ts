/** Which images a Dockerfile is built from (reference, section 7.2), read as Docker reads it. */
import { failure, type Result, success } from '../result.ts';
import { createFindings } from '../task-file/findings.ts';
import { createSourceText, type SourceText } from '../task-file/source-text.ts';
import { type BuildPlatforms, createBuildArguments } from './build-arguments.ts';
import { readInstructions } from './instructions.ts';
import { readStages } from './read-stages.ts';
import { type DockerfileStage, readImage, type UsedImage } from './stage.ts';
import type { Word } from './words.ts';

/** What is known about the images of a Dockerfile. */
export interface DockerfileScan {
  /** The stages down to the target. One below it is built only if a COPY above names it; that is not followed. */
  readonly stages: readonly DockerfileStage[];
  /** The stage that is the result of the build. */
  readonly target: DockerfileStage;
  readonly runtimeBase: UsedImage;
  /** The other images that stages begin with, each name once, whether their stage is needed or not. */
  readonly buildtimeBases: readonly UsedImage[];
  /** The images that files are copied or mounted from, each name once. */
  readonly copiedImages: readonly UsedImage[];
  /** The image that reads the Dockerfile, from `# syntax=`. */
  readonly syntax?: UsedImage;
}

/** A Dockerfile and how it is built. */
export interface DockerfileInput {
  readonly text: string;
  /** Shown in diagnostics. */
  readonly fileName: string;
  /** `KEY=VALUE` each. */
  readonly buildArgs?: readonly string[];
  /** Name or number of a stage; absent or empty: the last one. */
  readonly target?: string;
  readonly platforms?: BuildPlatforms;
}

/** UTF-16 units. Reading takes more than linear time; nobody writes such a file by hand. */
const MAX_LENGTH = 131_072;

/**
 * Scans a Dockerfile down to its target stage.
 *
 * Errors: `dockerfile-too-long`, `dockerfile-no-from`, `dockerfile-from` (a FROM that is not understood),
 * `dockerfile-arg` (an ARG or a build argument that is not understood), `image-invalid` (a base that is no image name).
 * Warnings: `dockerfile-from`, `dockerfile-arg`, `dockerfile-target` (no such stage: as in the reference the last
 * stage counts, but Docker will refuse), `dockerfile-copy-from` and `dockerfile-syntax` (a source that is no image name).
 */
export function scanDockerfile(input: DockerfileInput): Result<DockerfileScan> {
  // Docker reads over a byte order mark.
  const text = input.text.replace(/^\uFEFF/, '');
  const source = createSourceText(input.fileName, text);
  const findings = createFindings(source);
  if (text.length > MAX_LENGTH) {
    const message = `The Dockerfile is ${text.length} characters long, more than the ${MAX_LENGTH} that are read`;
    findings.error('dockerfile-too-long', { start: 0, end: 0 }, message, 'Put large texts into files, and COPY them.');
    return failure(findings.list());
  }
  const parts = readInstructions(text);
  const args = createBuildArguments(input.buildArgs ?? [], input.platforms);
  checkBuildArgs(input.buildArgs ?? [], (message, hint) =>
    findings.error('dockerfile-arg', { start: 0, end: 0 }, message, hint),
  );
  const stages = readStages({ ...parts, args, target: input.target ?? '', source, findings });
  const syntax = parts.syntax === undefined ? undefined : syntaxImage(parts.syntax, source);
  if (parts.syntax !== undefined && syntax === undefined) {
    const message = `"${parts.syntax.text}" is not the name of an image`;
    findings.warning(
      'dockerfile-syntax',
      parts.syntax.span,
      message,
      'Write, for example, # syntax=docker/dockerfile:1',
    );
  }
  const target = stages.at(-1);
  if (target === undefined || findings.failed()) return failure(findings.list());
  return success({ ...summary(stages, target), ...(syntax === undefined ? {} : { syntax }) }, findings.list());
}

function checkBuildArgs(given: readonly string[], error: (message: string, hint: string) => void): void {
  for (const argument of given) {
    if (argument.indexOf('=') > 0) continue;
    error(`The build argument "${argument}" has no value`, 'Give it as KEY=VALUE; the environment is not passed on.');
  }
}

/** The words after the image are for the image. */
function syntaxImage({ text, span }: Word, source: SourceText): UsedImage | undefined {
  const name = text.split(/\s/)[0] ?? '';
  const read = readImage(name, { start: span.start, end: span.start + name.length }, source);
  return read.kind === 'valid' ? read.image : undefined;
}

function summary(stages: readonly DockerfileStage[], target: DockerfileStage): Omit<DockerfileScan, 'syntax'> {
  const bases = stages.flatMap(({ base }) => (base.kind === 'image' ? [base.image] : []));
  const copied = stages.flatMap(({ copies }) => copies.flatMap((copy) => (copy.kind === 'image' ? [copy.image] : [])));
  return {
    stages,
    target,
    runtimeBase: target.origin,
    buildtimeBases: onePerName(bases).filter(({ name }) => name !== target.origin.name),
    copiedImages: onePerName(copied),
  };
}

function onePerName(images: readonly UsedImage[]): readonly UsedImage[] {
  const known = new Map<string, UsedImage>();
  for (const image of images) if (!known.has(image.name)) known.set(image.name, image);
  return [...known.values()];
}
