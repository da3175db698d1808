/** What can be said about the secrets of a build before it runs. */
import type { PlannedMount, RunPlan } from '../../../../task-schemas/index.ts';
import { didYouMeanHint } from '../../did-you-mean.ts';
import { secretForms } from '../../secret/secret-forms.ts';
import type { TextFindings } from '../../task-file/text-findings.ts';
import { withinWorkspace } from '../cmd/working-directory.ts';
import type { SecretsById } from '../task-secrets.ts';
import { isRemote } from './build-context.ts';
import { type HiddenOrigin, parseBuildSecret, parseBuildSsh, variablesOf } from './build-secret-options.ts';
import type { BuildWords } from './build-words.ts';
import { type MountedFile, mountedAt } from './mounted-file.ts';

/** What the options of a build are held against. `directory` is the absolute working directory of the step. */
export interface BuildSecretSetting {
  readonly text: string;
  readonly env: readonly string[];
  readonly directory: string;
  readonly mounts: readonly PlannedMount[];
  /** Of the task. */
  readonly volumes: RunPlan['volumes'];
  /** What templates read for the secrets of the task: values, or what stands for them. */
  readonly secrets: SecretsById;
}

/** Tells what `--secret` and `--ssh` cannot be, and which secrets a build would leave in its image. */
export function reportBuildSecrets(words: BuildWords, setting: BuildSecretSetting, report: TextFindings): void {
  const variables = new Set(variablesOf(setting.env).keys());
  for (const text of words.secrets) {
    const secret = parseBuildSecret(text, variables);
    if ('kind' in secret) tell(text, secret.reason, secret.hint, setting, report);
    else reportOrigin(text, secret.origin, variables, setting, report);
  }
  for (const text of words.ssh) {
    const ssh = parseBuildSsh(text);
    if ('kind' in ssh) tell(text, ssh.reason, ssh.hint, setting, report);
    else for (const key of ssh.keys) reportOrigin(text, key, variables, setting, report);
  }
  for (const text of words.buildArgs) warnOfSecret('--build-arg', text, setting, report);
  for (const text of words.labels) warnOfSecret('--label', text, setting, report);
  if (isRemote(words.context)) warnOfAddress(words.context, setting, report);
}

function reportOrigin(
  text: string,
  origin: HiddenOrigin,
  variables: ReadonlySet<string>,
  setting: BuildSecretSetting,
  report: TextFindings,
): void {
  if (origin.kind === 'variable') {
    if (variables.has(origin.name)) return;
    const message = `"${text}" is to be the variable ${origin.name}, which this step does not have`;
    tell(text, message, `Write env: ["${origin.name}={{.Secrets.NAME}}"] in the step.`, setting, report);
    return;
  }
  const mounted = mountedAt(origin.path, setting.directory, setting.mounts);
  if (mounted !== undefined) {
    reportMounted(text, mounted, setting, report);
    return;
  }
  if (withinWorkspace(origin.path, setting.directory) !== undefined) return;
  const hint =
    'Use a file of the source, of a step before, or of a volume that the step mounts; or a variable of the step.';
  tell(text, `The file of "${text}" is not inside the workspace`, hint, setting, report);
}

function reportMounted(
  text: string,
  { volume, file }: MountedFile,
  setting: BuildSecretSetting,
  report: TextFindings,
): void {
  const files = setting.volumes.find(({ name }) => name === volume)?.files;
  // A volume that the task does not have is told where it is mounted.
  if (files === undefined || files.includes(file)) return;
  const hint = didYouMeanHint(file, files) ?? `Its files are: ${files.join(', ')}.`;
  tell(text, `The volume "${volume}" has no file "${file}" for "${text}"`, hint, setting, report);
}

function tell(part: string, message: string, hint: string, { text }: BuildSecretSetting, report: TextFindings): void {
  const start = Math.max(0, text.indexOf(part));
  report.error('build-secret', start, start + part.length, message, hint);
}

/** Arguments and labels stay in the image, where everybody reads them who can pull it. */
function warnOfSecret(
  option: '--build-arg' | '--label',
  part: string,
  { text, secrets }: BuildSecretSetting,
  report: TextFindings,
): void {
  const name = part.slice(0, Math.max(0, part.indexOf('=')));
  const value = part.slice(name.length + 1);
  const ids = secretsIn(value, secrets);
  if (ids.length === 0) return;
  const which = quoted(ids);
  const start = Math.max(0, text.indexOf(part));
  const [what, code, hint] =
    option === '--label'
      ? (['label', 'secret-in-label', 'Leave it out: everybody who can pull the image reads its labels.'] as const)
      : (['build argument', 'secret-in-build-arg', cure(name, ids)] as const);
  const message = `The ${what} ${name} has the secret ${which} in it, which stays in the image`;
  report.warning(code, start, start + part.length, message, hint);
}

/** Whoever may see the step reads the address, and so does the host that it leads to, in its logs. */
function warnOfAddress(address: string, { text, secrets }: BuildSecretSetting, report: TextFindings): void {
  const ids = secretsIn(address, secrets);
  if (ids.length === 0) return;
  const start = Math.max(0, text.indexOf(address));
  const message = `The address of the build context has the secret ${quoted(ids)} in it`;
  const hint = 'Leave it out, and put the token into SLIPWAY_SOURCE_CREDENTIALS of the workers.';
  report.warning('secret-in-context', start, start + address.length, message, hint);
}

function secretsIn(value: string, secrets: SecretsById): readonly string[] {
  return [...secrets].flatMap(([id, secret]) => (isIn(secret, value) ? [id] : []));
}

function quoted(ids: readonly string[]): string {
  return ids.map((id) => `"${id}"`).join(' and ');
}

function cure(name: string, ids: readonly string[]): string {
  const value = ids.map((id) => `{{.Secrets.${id}}}`).join('');
  return [
    `Write env: ["${name}=${value}"] in the step and --secret id=${name},env=${name} in place of the argument;`,
    `in the Dockerfile: RUN --mount=type=secret,id=${name} ${name}="$(cat /run/secrets/${name})" COMMAND`,
  ].join('\n');
}

/** Shorter values are found in words that have nothing to do with them. */
const MIN_LENGTH = 4;

function isIn(secret: string, value: string): boolean {
  if (secret.trim() !== '' && value.trim() === secret.trim()) return true;
  return secretForms(secret).some((form) => form.length >= MIN_LENGTH && value.includes(form));
}
