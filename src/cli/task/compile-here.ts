import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { RunPlan, RunRequest } from '../../../task-schemas/index.ts';
import { aliasSourcesOf } from '../../core/plan/alias-sources.ts';
import { type CompileOptions, compileRequest } from '../../core/plan/compile-request.ts';
import type { Result } from '../../core/result.ts';
import type { RunContext } from '../../core/run/run-context.ts';
import type { AliasSource } from '../../core/task-file/alias/named-sources.ts';
import type { AliasSourceContent } from '../../core/task-file/alias/source-content.ts';
import type { TextReader } from '../../ports/text-reader.ts';
import type { Context } from '../source/context.ts';

/** Compiles a task as the worker will, with the alias files and URLs that it names. */
export interface TaskCompiler {
  /** May be asked again when more is known of the run: nothing is read twice. Rejects with `signal.reason`. */
  compile(request: RunRequest, run: RunContext, signal?: AbortSignal): Promise<Result<RunPlan>>;
  /** Paths in the context of the alias files so far: they are sent even if they are ignored. */
  aliasFiles(): Promise<readonly string[]>;
}

/** Where alias files are looked for. Only the context is sent: what lies in the current folder is good for `plan`. */
export interface AliasPlaces {
  readonly context: Context;
  readonly cwd: string;
  readonly alsoInCwd: boolean;
}

/** A compiler that has read nothing yet. */
export function createTaskCompiler(places: AliasPlaces, reader: TextReader, options: CompileOptions): TaskCompiler {
  const read = new Map<string, AliasSourceContent>();
  const files = new Set<string>();

  async function readOnce({ kind, path: name }: AliasSource, signal: AbortSignal): Promise<void> {
    if (read.has(name)) return;
    read.set(name, await (kind === 'url' ? reader.fetch(name, signal) : readHere(name, places, reader)));
    if (kind === 'file') files.add(name);
  }

  return {
    async compile(request, run, signal = AbortSignal.any([])) {
      await Promise.all(aliasSourcesOf(request, undefined, run).map((source) => readOnce(source, signal)));
      return compileRequest(request, undefined, run, { ...options, aliasSources: read });
    },
    async aliasFiles() {
      const { context } = places;
      if (context.kind !== 'folder') return [];
      const found = await Promise.all([...files].map((name) => namesOf(name, context.directory)));
      return found.flat();
    },
  };
}

async function readHere(name: string, places: AliasPlaces, reader: TextReader): Promise<AliasSourceContent> {
  const { context } = places;
  const cwd = await realpath(places.cwd).catch(() => places.cwd);
  const here = await reader.readFile(cwd, name);
  if (places.alsoInCwd && typeof here === 'string') return here;
  if (context.kind === 'remote') {
    const hint = 'Give the task file of the source with -f, or write the aliases under values:.';
    return { reason: 'it would be a file of the source, which is not here', hint };
  }
  if (context.kind === 'none') {
    const hint = 'Give the folder with the file as CONTEXT, or write the aliases under values:.';
    return places.alsoInCwd ? here : { reason: 'the run has no source', hint };
  }
  const inContext = await reader.readFile(context.directory, name);
  if (typeof inContext === 'string' || typeof here !== 'string') return inContext;
  const hint = `It is in ${cwd}, but only ${context.directory} is sent: move it there, or give another CONTEXT.`;
  return { ...inContext, hint };
}

/** The path of a file and, if a link leads to it, that of the file itself: a link alone would dangle. */
async function namesOf(name: string, directory: string): Promise<readonly string[]> {
  const file = await realpath(path.join(directory, name)).catch(() => undefined);
  return file === undefined ? [] : [name, path.relative(directory, file).split(path.sep).join('/')];
}
