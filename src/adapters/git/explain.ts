import { UnusableRepository } from './unusable.ts';

/** What git says when it fails, and what that means for the user. The first that fits counts. */
const KNOWN: readonly (readonly [says: RegExp, message: string, hint: string])[] = [
  [
    /couldn't find remote ref|could not find remote branch/i,
    'has no branch, tag or commit of that name',
    'Check what stands behind the # of its address.',
  ],
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No .* host key is known/i,
    'is on a host that shows another ssh key than the worker expects',
    'Put the keys that the host has now into "knownHosts" of SLIPWAY_SOURCE_CREDENTIALS; ssh-keyscan prints them, check their fingerprints.',
  ],
  [
    /Load key .*: (?!No such file)/i,
    'cannot be read: the ssh key of the worker is not readable',
    'Put a whole private key without a passphrase into "sshKey" of SLIPWAY_SOURCE_CREDENTIALS, with its line ends.',
  ],
  [
    /Permission denied \(/i,
    'cannot be read: the host refuses the ssh key of the worker',
    'Add the public half of "sshKey" to the repository or its host, with the right to read.',
  ],
  [/Could not resolve host/i, 'has a host that does not exist', 'Check how the host is spelled.'],
  [
    /Connection refused|unable to connect|Failed to connect/i,
    'is on a host where nothing listens at that port',
    'Check the host and the port.',
  ],
  [
    /repository .*(?:not exported|not found)|does not appear to be a git repository|access denied or repository not/i,
    'does not exist, or is not open to the worker',
    'Check its address, and who may read it.',
  ],
  [
    /^\[[0-9a-f]{64}\] .*\[404\]/m,
    'is not all there: the server has not every object of this commit',
    'Push them from a clone that has them: git lfs push --all origin.',
  ],
  [
    /Authentication failed|could not read Username|HTTP (?:code = )?40[13]|error: 40[13]/i,
    'cannot be read: its host refuses the worker',
    'Check the token for the host in SLIPWAY_SOURCE_CREDENTIALS of the workers.',
  ],
  [
    /Operation too slow|timed out|hung up|early EOF|RPC failed|unexpected disconnect/i,
    'was cut off while it was fetched',
    'Try again later.',
  ],
];

/** What git adds to whatever ssh has said. */
const ALWAYS_SAID =
  /^(?:fatal: Could not read from remote repository\.|Please make sure you have the correct access rights|and the repository exists\.|\s*)$/;

/** Parts of what git said that are shown. */
const MAX_SHOWN = 300;

/** The failure of a git command as what the user can mend. `what` names the repository, and its ref where that matters. */
export function unusableBecause(what: string, stderr: string): UnusableRepository {
  const known = KNOWN.find(([says]) => says.test(stderr));
  if (known !== undefined) return new UnusableRepository(`${what} ${known[1]}.`, known[2]);
  const lines = censored(stderr).trim().split('\n');
  const telling = lines.filter((line) => !ALWAYS_SAID.test(line));
  const said = (telling.length === 0 ? lines : telling).slice(-2).join(' ').slice(-MAX_SHOWN);
  return new UnusableRepository(`${what} cannot be fetched: ${said}`, 'The message is git’s own.');
}

function censored(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//');
}
