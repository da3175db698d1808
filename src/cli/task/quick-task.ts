/**
 * The task file that `--cmd 'IMAGE ARGS'` stands for: one step, run where its image wants to be run, as `az acr run
 * --cmd` has it. The command goes into a literal block, where nothing needs escaping: quotes inside a `{{ … }}` stay as
 * the template wants them, and `: ` or `#` mean nothing to YAML.
 */
export function quickTask(command: string): string {
  const lines = command.trim().split(/\r?\n/);
  return [
    'version: v1.1.0',
    'steps:',
    '  - cmd: |-',
    ...lines.map((line) => (line === '' ? '' : `      ${line}`)),
    '    disableWorkingDirectoryOverride: true',
    '',
  ].join('\n');
}
