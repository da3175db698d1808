import { readBuildText } from '../../../src/core/plan/build/build-words.ts';
import { classifySource } from '../../../src/core/source-url.ts';
import { collectFindings } from './collect-findings.ts';

/** A build text: `{ build }` → its options, its context, and the text with a remote context replaced. */
export function buildcmdOutcome(input: Readonly<Record<string, unknown>>): unknown {
  const build = String(input.build);
  const { codes, ...report } = collectFindings();
  const read = readBuildText(build, report);
  if (read === undefined) return { errorKinds: codes };
  const { options, context } = read;
  const source = classifySource(context?.value ?? '.');
  const remote = source.kind === 'local' || context === undefined ? undefined : context;
  return {
    tags: options.images,
    buildArgs: options.buildArgs,
    target: options.target ?? '',
    dockerfile: options.file ?? '',
    context: context?.value ?? '.',
    localContext: remote === undefined,
    ...(remote === undefined
      ? {}
      : {
          contextSubdir: source.kind === 'git' ? source.directory : '.',
          rewritten: oneBlank(`${build.slice(0, remote.start)}.${build.slice(remote.end)}`),
        }),
  };
}

/** Blanks between words say nothing, and the recording has one. */
function oneBlank(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
