import { aliasSourcesOf } from '../src/core/plan/alias-sources.ts';
import { compileRequest } from '../src/core/plan/compile-request.ts';
import type { Result } from '../src/core/result.ts';
import { runContext } from '../src/core/run/run-context.ts';
import type { AliasSource } from '../src/core/task-file/alias/named-sources.ts';
import type { AliasSourceContent } from '../src/core/task-file/alias/source-content.ts';
import type { TextReader } from '../src/ports/text-reader.ts';
import type { Run, RunPlan } from '../task-schemas/index.ts';
import { readTaskFile } from './source/fetch-source.ts';

/** What compiling needs besides the run and its source. `registry` is host[:port] behind `{{.Run.Registry}}`. */
export interface CompileDeps {
  readonly registry: string;
  readonly textReader: TextReader;
  /** Images for names that a `cmd` may begin with, besides the built-in ones or in their place. */
  readonly imageAliases: ReadonlyMap<string, string>;
}

/**
 * From a run and the folder with its source to the plan: reads the task file, and the alias files and URLs that it
 * names. Rejects with `UnusableArchive` when there is no such task file, with `signal.reason` when aborted.
 */
export async function compileRun(
  run: Run,
  directory: string,
  deps: CompileDeps,
  signal: AbortSignal,
): Promise<Result<RunPlan>> {
  const { request } = run;
  const taskText = await readTaskFile(request, directory);
  const context = runContext(run, deps.registry);
  const read = ({ kind, path }: AliasSource): Promise<AliasSourceContent> =>
    kind === 'url' ? deps.textReader.fetch(path, signal) : deps.textReader.readFile(directory, path);
  const reading = aliasSourcesOf(request, taskText, context).map(
    async (source): Promise<[string, AliasSourceContent]> => [source.path, await read(source)],
  );
  const aliasSources = new Map(await Promise.all(reading));
  return compileRequest(request, taskText, context, { aliasSources, imageAliases: deps.imageAliases });
}
