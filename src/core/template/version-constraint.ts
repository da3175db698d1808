import { unreachable } from '../unreachable.ts';
import { compareVersions, parseVersion, type SemanticVersion } from './semantic-version.ts';

type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^';

/** One comparison. `open` says from which number on the constraint names none, as in `1.x` (minor). */
interface Constraint {
  readonly operator: Operator;
  readonly version: SemanticVersion;
  readonly open: 'nothing' | 'major' | 'minor' | 'patch';
}

const NUMBER = '[0-9xX*]+';
const LABELS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = `v?(${NUMBER})(?:\\.(${NUMBER}))?(?:\\.(${NUMBER}))?(-${LABELS})?(?:\\+${LABELS})?`;
const CONSTRAINT = new RegExp(`^\\s*(=|!=|>=|=>|<=|=<|>|<|~>|~|\\^|)\\s*${VERSION}\\s*$`);
const RANGE = new RegExp(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`, 'g');

/**
 * Whether a version meets a constraint such as `>=1.2, <2 || ~3.1`; undefined when the constraint cannot be read. The
 * rules are those of the semver library (v1) that the reference engine has: `^0.2` means below 1.0, and versions with
 * a prerelease only meet constraints with one.
 */
export function meetsConstraint(text: string, version: SemanticVersion): boolean | undefined {
  const alternatives = text
    .replace(RANGE, (...match: readonly string[]) => `>=${match[1]},<=${match[6]}`)
    .split('||')
    .map((alternative) => alternative.split(',').map(parseConstraint));
  const known = alternatives.map((constraints) => constraints.filter((constraint) => constraint !== undefined));
  if (known.some((constraints, index) => constraints.length !== alternatives[index]?.length)) return undefined;
  return known.some((constraints) => constraints.every((constraint) => meets(version, constraint)));
}

function parseConstraint(text: string): Constraint | undefined {
  const match = CONSTRAINT.exec(text);
  if (match === null) return undefined;
  const [, operator = '', major = '', minor, patch, prerelease = ''] = match;
  const open = isOpen(major)
    ? 'major'
    : isOpen(minor)
      ? 'minor'
      : patch !== undefined && isOpen(patch)
        ? 'patch'
        : 'nothing';
  const numbers = [
    open === 'major' ? '0' : major,
    isClosed(open, 'minor') ? minor : '0',
    isClosed(open, 'patch') ? (patch ?? '0') : '0',
  ];
  const version = parseVersion(`${numbers.join('.')}${open === 'major' ? '' : prerelease}`);
  return version === undefined ? undefined : { operator: operatorOf(operator), version, open };
}

function isOpen(number: string | undefined): boolean {
  return number === undefined || /^[xX*]$/.test(number);
}

function isClosed(open: Constraint['open'], part: 'minor' | 'patch'): boolean {
  return open === 'nothing' || (open === 'patch' && part === 'minor');
}

function operatorOf(text: string): Operator {
  switch (text) {
    case '!=':
    case '>':
    case '<':
    case '^':
      return text;
    case '>=':
    case '=>':
      return '>=';
    case '<=':
    case '=<':
      return '<=';
    case '~':
    case '~>':
      return '~';
    default:
      return '=';
  }
}

function meets(version: SemanticVersion, constraint: Constraint): boolean {
  const { operator, version: bound, open } = constraint;
  const order = compareVersions(version, bound);
  if (operator === '!=') return differs(version, constraint);
  if (version.prerelease !== '' && bound.prerelease === '') return false;
  switch (operator) {
    case '=':
      return open === 'nothing' ? order === 0 : isNear(version, constraint);
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '<=':
      return open === 'minor' ? version.major <= bound.major : order <= 0;
    case '~':
      return isNear(version, constraint);
    case '^':
      return order >= 0 && version.major === bound.major;
    default:
      return unreachable(operator);
  }
}

function differs(version: SemanticVersion, { version: bound, open }: Constraint): boolean {
  if (open === 'nothing') return compareVersions(version, bound) !== 0;
  if (version.prerelease !== '' && bound.prerelease === '') return false;
  if (version.major !== bound.major) return true;
  return open === 'patch' && version.minor !== bound.minor;
}

/** At least the bound, with the same numbers but for the last one that is given; anything for a bound of all zeros. */
function isNear(version: SemanticVersion, { version: bound, open }: Constraint): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isZero && open !== 'minor' && open !== 'patch') return true;
  return version.major === bound.major && (open === 'minor' || version.minor === bound.minor);
}
