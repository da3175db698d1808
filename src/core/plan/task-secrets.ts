/** The secrets of a task: which it names, and what templates read for them (reference, section 0, step 6). */
import { failure, type Result, success } from '../result.ts';
import { canonicalSecretUrl } from '../secret/vault-url.ts';
import type { Expanded } from '../task-file/alias/expand.ts';
import { createFindings } from '../task-file/findings.ts';
import { readTaskFile } from '../task-file/parse.ts';
import type { ReadSecret } from '../task-file/read-secrets.ts';
import type { RenderedTask } from '../task-file/render-task.ts';
import { standInFor } from '../task-file/secret-stand-in.ts';
import type { SourceText } from '../task-file/source-text.ts';

/**
 * What templates read for the secrets of a task. A plan that was compiled with resolved values has them in its texts: it
 * is carried out where it was made, and never stored, queued, logged or shown to anybody who may not know the values.
 * Diagnostics never have them.
 */
export type SecretValues =
  /** Names in place of values: for a plan that is shown. */
  | { readonly kind: 'stand-ins' }
  /**
   * Values by the URL of the secret, in any form that means it; one that is not among them could not be resolved, and
   * `unavailable` may say why, by the same URL.
   */
  | {
      readonly kind: 'resolved';
      readonly values: ReadonlyMap<string, string>;
      readonly unavailable?: ReadonlyMap<string, MissingSecret>;
    };

/** Why a secret has no value: `reason` goes on after a colon, `hint` says what to do. */
export interface MissingSecret {
  readonly reason: string;
  readonly hint: string;
}

/** Values by the id of the secret. */
export type SecretsById = ReadonlyMap<string, string>;

/** The secrets that a task names, and the text that they stand in. */
export interface NamedSecrets {
  readonly secrets: readonly ReadSecret[];
  readonly source: SourceText;
  /** Whether the task has no mistakes as it reads without the values. */
  readonly sound: boolean;
}

/** Steps of reading a task file, with all secrets empty. */
export interface SecretDiscovery {
  expand(): Result<Pick<Expanded, 'text'>>;
  render(): Result<RenderedTask>;
}

/**
 * Which secrets a task names. The list itself may be made by templates, so the task is rendered once with all secrets
 * empty; a text without the word, once its aliases are expanded, has none and is not rendered.
 */
export function nameSecrets({ expand, render }: SecretDiscovery): Result<NamedSecrets | undefined> {
  const expanded = expand();
  if (!expanded.ok) return expanded;
  if (!expanded.value.text.includes('secrets')) return success(undefined);
  const rendered = render();
  if (!rendered.ok) return rendered;
  const { source } = rendered.value;
  const findings = createFindings(source);
  const task = readTaskFile(source, findings);
  return success({ secrets: task?.secrets ?? [], source, sound: !findings.failed() });
}

/**
 * Values by id, or a finding (`secret-unresolved`) for each secret that has none. The mistakes of a task that is not
 * sound are found when it is read with its values, so missing ones are empty then.
 */
export function valuesOfSecrets({ secrets, source, sound }: NamedSecrets, given: SecretValues): Result<SecretsById> {
  const findings = createFindings(source);
  const byId = new Map<string, string>();
  const values = given.kind === 'resolved' ? byCanonicalUrl(given.values) : undefined;
  for (const { secret, place } of secrets) {
    const { id, keyvault } = secret;
    const value = values === undefined ? standInFor(id) : values.get(canonicalSecretUrl(keyvault));
    if (value !== undefined) byId.set(id, value);
    else {
      const why = given.kind === 'resolved' ? given.unavailable?.get(keyvault) : undefined;
      const message = `The secret "${id}" cannot be read from "${keyvault}"${why === undefined ? '' : `: ${why.reason}`}`;
      const hint = why?.hint ?? `Check the URL, and that the worker may read it. ${givenUrls(given)}`;
      findings.error('secret-unresolved', place, message, hint);
    }
  }
  return findings.failed() && sound ? failure(findings.list()) : success(byId);
}

function byCanonicalUrl(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...values].map(([url, value]): [string, string] => [canonicalSecretUrl(url), value]));
}

/** The most URLs that a hint names. */
const MAX_SHOWN = 10;

function givenUrls(given: SecretValues): string {
  const urls = given.kind === 'resolved' ? [...given.values.keys()] : [];
  if (urls.length === 0) return 'No secret has a value.';
  const more = urls.length > MAX_SHOWN ? ` and ${urls.length - MAX_SHOWN} more` : '';
  return `There are values of ${urls.slice(0, MAX_SHOWN).join(', ')}${more}.`;
}
