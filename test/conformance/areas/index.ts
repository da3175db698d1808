import type { JsonObject } from '../case.ts';
import { buildcmdOutcome } from './buildcmd.ts';
import { credentialOutcome } from './credential.ts';
import { dockerfileOutcome } from './dockerfile.ts';
import { gitcontextOutcome } from './gitcontext.ts';
import { imagerefOutcome } from './imageref.ts';
import { quickbuildOutcome } from './quickbuild.ts';
import { taskOutcome } from './task.ts';
import { vaultUrlOutcome } from './vaulturl.ts';
import { versionOutcome } from './version.ts';

/** What the product makes of a case, in the words of the recording, by the area of the case. */
export const areas: ReadonlyMap<string, (given: JsonObject) => unknown> = new Map([
  ['task', (given) => taskOutcome(given)],
  ['buildcmd', inputOf(buildcmdOutcome)],
  ['quickbuild', inputOf(quickbuildOutcome)],
  ['gitcontext', inputOf(gitcontextOutcome)],
  ['imageref', inputOf(imagerefOutcome)],
  ['version', inputOf(versionOutcome)],
  ['dockerfile', inputOf(dockerfileOutcome)],
  ['credential', inputOf(credentialOutcome)],
  ['vaulturl', inputOf(vaultUrlOutcome)],
]);

function inputOf(outcomeOf: (input: Readonly<Record<string, unknown>>) => unknown): (given: JsonObject) => unknown {
  return ({ input }) =>
    outcomeOf(typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {});
}
