import { classifySource } from '../../../src/core/source-url.ts';

/** Cases of the area `gitcontext`: what kind of source a context text is. */
export function gitcontextOutcome(input: Readonly<Record<string, unknown>>): unknown {
  const text = String(input.url);
  const source = classifySource(text);
  return {
    local: source.kind === 'local',
    oci: source.kind === 'oci',
    sourceControl: source.kind === 'git',
    subdir: source.kind === 'git' ? source.directory : '.',
    url: source.kind === 'archive' || (source.kind === 'git' && /^https?:/.test(text)),
  };
}
