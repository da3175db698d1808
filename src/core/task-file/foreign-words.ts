import { didYouMeanHint } from '../did-you-mean.ts';

/** What other systems (GitHub Actions, GitLab, Compose, Cloud Build) call what a task file has by another name. */
const FOREIGN: ReadonlyMap<string, readonly string[]> = new Map([
  ['when', ['depends_on', 'dependson', 'needs', 'waitfor', 'wait_for', 'dependencies']],
  ['cmd', ['run', 'command', 'comand', 'script', 'image', 'args', 'uses']],
  ['env', ['environment', 'variables', 'envs']],
  ['workingDirectory', ['workdir', 'working_dir', 'working-directory', 'dir', 'cwd']],
  ['entryPoint', ['entry_point', 'entry-point']],
  ['ignoreErrors', ['continue-on-error', 'continueonerror', 'allow_failure', 'allowfailure']],
  ['timeout', ['timeout_seconds', 'timeout-minutes', 'timeoutseconds']],
  ['stepTimeout', ['timeout', 'timeout_seconds', 'timeout-minutes']],
  ['id', ['name']],
  ['volumeMounts', ['volumes', 'mounts']],
  ['network', ['networks', 'network_mode']],
]);

/** A hint for a property that is not known: the word of ours that was meant, or undefined. */
export function meantProperty(word: string, known: readonly string[]): string | undefined {
  const lowered = word.toLowerCase();
  for (const [ours, theirs] of FOREIGN) {
    if (known.includes(ours) && theirs.includes(lowered)) return `Write ${ours} instead of ${word}.`;
  }
  return didYouMeanHint(word, known);
}
