/** A parsed semantic version, as the `semver` function gives it. Missing numbers are 0. */
export interface SemanticVersion {
  readonly kind: 'semver';
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** The text that was parsed. */
  readonly original: string;
}

const LABELS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = new RegExp(`^v?(\\d{1,18})(?:\\.(\\d{1,18}))?(?:\\.(\\d{1,18}))?(?:-(${LABELS}))?(?:\\+(${LABELS}))?$`);

/** Reads a version; a leading v and missing minor and patch numbers are fine. Undefined for what is none. */
export function parseVersion(text: string): SemanticVersion | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, major, minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
  return {
    kind: 'semver',
    major: BigInt(major ?? 0),
    minor: BigInt(minor),
    patch: BigInt(patch),
    prerelease,
    metadata,
    original: text,
  };
}

/** Orders two versions by the rules of semver.org: metadata does not count, a prerelease is below its release. */
export function compareVersions(left: SemanticVersion, right: SemanticVersion): number {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (left[part] !== right[part]) return left[part] < right[part] ? -1 : 1;
  }
  return comparePrereleases(left.prerelease, right.prerelease);
}

function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === '' || right === '') return left === '' ? 1 : -1;
  const leftLabels = left.split('.');
  const rightLabels = right.split('.');
  for (const [index, label] of leftLabels.entries()) {
    const other = rightLabels[index];
    if (other === undefined) return 1;
    if (label !== other) return compareLabels(label, other);
  }
  return -1;
}

function compareLabels(left: string, right: string): number {
  const areNumbers = /^\d+$/.test(left) && /^\d+$/.test(right);
  if (areNumbers) return BigInt(left) < BigInt(right) ? -1 : 1;
  const isNumber = /^\d+$/.test(left);
  if (isNumber || /^\d+$/.test(right)) return isNumber ? -1 : 1;
  return left < right ? -1 : 1;
}
