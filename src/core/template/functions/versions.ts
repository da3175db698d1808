import { excerpt } from '../excerpt.ts';
import { execMistake } from '../mistake.ts';
import { parseVersion, type SemanticVersion } from '../semantic-version.ts';
import { meetsConstraint } from '../version-constraint.ts';
import { type FunctionTable, fixed } from './signature.ts';

/** Semantic versions. */
export const VERSIONS: FunctionTable = new Map([
  ['semver', fixed(['string'], ([text]) => versionOf('semver', text))],
  [
    'semverCompare',
    fixed(['string', 'string'], ([constraint, text]) => {
      const meets = meetsConstraint(constraint, versionOf('semverCompare', text));
      if (meets !== undefined) return meets;
      throw execMistake(
        `"${excerpt(constraint)}" is not a version constraint.`,
        'Write for example ">=1.2, <2", "~1.4" or "^2 || ^3".',
      );
    }),
  ],
]);

function versionOf(name: string, text: string): SemanticVersion {
  const version = parseVersion(text);
  if (version === undefined)
    throw execMistake(`${name} needs a semantic version such as 1.2.3, but got "${excerpt(text)}".`);
  return version;
}
