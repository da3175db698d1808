/** A parsed semantic version, as the `semver` function gives it. Numbers may be shorter than three in `original`. */
export interface SemanticVersion {
  readonly kind: 'semver';
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  readonly original: string;
}
