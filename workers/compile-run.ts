import { aliasSourcesOf } from '../src/core/plan/alias-sources.ts';
import { type BuildSettings, prepareBuilds } from '../src/core/plan/build/prepare-builds.ts';
import { compileForRun, secretsOfRequest } from '../src/core/plan/compile-request.ts';
import type { CompiledRun } from '../src/core/plan/compile-task.ts';
import type { WorkerPolicy } from '../src/core/policy/worker-policy.ts';
import { type Result, success } from '../src/core/result.ts';
import { runContext } from '../src/core/run/run-context.ts';
import type { AliasSource } from '../src/core/task-file/alias/named-sources.ts';
import type { AliasSourceContent } from '../src/core/task-file/alias/source-content.ts';
import type { SecretSource, WantedSecret } from '../src/ports/secret-source.ts';
import type { TextReader } from '../src/ports/text-reader.ts';
import type { Run, TaskSecret } from '../task-schemas/index.ts';
import { resolveSecrets } from './resolve-secrets.ts';
import { readTaskFile } from './source/fetch-source.ts';

/** What compiling needs besides the run and its source. `registry` is host[:port] behind `{{.Run.Registry}}`. */
export interface CompileDeps {
  readonly registry: string;
  readonly textReader: TextReader;
  /** Images for names that a `cmd` may begin with, besides the built-in ones or in their place. */
  readonly imageAliases: ReadonlyMap<string, string>;
  /** Where the secrets of tasks are. */
  readonly secretSource: SecretSource;
  /** Hosts besides the run's own registry that the names of a one-off build may begin with. */
  readonly knownRegistries: readonly string[];
  /** What steps may ask of this worker: what goes beyond it is a mistake of the task. */
  readonly policy: WorkerPolicy;
  readonly builds: BuildSettings;
}

/**
 * From a run and the folder with its source to the plan and what is in its volumes: reads the task file, the alias files
 * and URLs that it names, and the values of its secrets, which `learn` gets before anything is said that could show them.
 * The plan has them in its texts: it is for this process alone. Rejects with `UnusableSource` when there is no such task
 * file, with `signal.reason` when aborted.
 */
export async function compileRun(
  run: Run,
  directory: string,
  deps: CompileDeps,
  learn: (secrets: readonly string[]) => void,
  signal: AbortSignal,
): Promise<Result<CompiledRun>> {
  const { request } = run;
  const taskText = await readTaskFile(request, directory);
  const context = runContext(run, deps.registry);
  const read = ({ kind, path }: AliasSource): Promise<AliasSourceContent> =>
    kind === 'url' ? deps.textReader.fetch(path, signal) : deps.textReader.readFile(directory, path);
  const reading = aliasSourcesOf(request, taskText, context).map(
    async (source): Promise<[string, AliasSourceContent]> => [source.path, await read(source)],
  );
  const aliasSources = new Map(await Promise.all(reading));
  const { imageAliases, knownRegistries, policy } = deps;
  const options = { aliasSources, imageAliases, knownRegistries, policy };
  const named = secretsOfRequest(request, taskText, context, options).map(wantedSecret);
  const secrets = await resolveSecrets(named, deps.secretSource, signal);
  learn([...secrets.values.values()]);
  const resolved = { ...options, secrets: { kind: 'resolved', ...secrets } } as const;
  const compiled = compileForRun(request, taskText, context, resolved);
  if (!compiled.ok) return compiled;
  const prepared = prepareBuilds(compiled.value.plan, run, context, deps.builds);
  if (!prepared.ok) return prepared;
  return success({ ...compiled.value, plan: prepared.value }, [...compiled.warnings, ...prepared.warnings]);
}

function wantedSecret({ keyvault, clientID }: TaskSecret): WantedSecret {
  return { address: keyvault, ...(clientID === undefined ? {} : { clientId: clientID }) };
}
