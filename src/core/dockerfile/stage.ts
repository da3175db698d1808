import type { Place } from '../../../task-schemas/index.ts';
import { type ImageReference, parseImageReference } from '../image-reference.ts';
import type { SourceText, Span } from '../task-file/source-text.ts';

/** An image as a Dockerfile names it. */
export interface UsedImage {
  /** The name with its variables filled in, otherwise as written. */
  readonly name: string;
  readonly reference: ImageReference;
  readonly place: Place;
}

/** What another stage or an image gives to a stage. */
export type StageSource =
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'image'; readonly image: UsedImage };

/** One FROM and what follows it. */
export interface DockerfileStage {
  /** Counts from 0. */
  readonly index: number;
  /** In lower case, for stage names have no case. */
  readonly name?: string;
  /** The value of `--platform`, unless a variable in it has no value. */
  readonly platform?: string;
  readonly base: StageSource;
  /** The image that the stage stands on after all: its base, or that of its base. */
  readonly origin: UsedImage;
  /** Where it copies or mounts files from. */
  readonly copies: readonly StageSource[];
  /** Whether the target stage is made from it, directly or not. */
  readonly needed: boolean;
  readonly place: Place;
}

/** Reads the name of an image; `span` is where it stands in the Dockerfile. */
export function readImage(
  name: string,
  span: Span,
  source: SourceText,
):
  | { readonly kind: 'valid'; readonly image: UsedImage }
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string } {
  const parsed = parseImageReference(name);
  if (parsed.kind === 'invalid') return parsed;
  const { kind, ...reference } = parsed;
  return { kind, image: { name, reference, place: source.locate(span).place } };
}
