import { readBuildText } from '../../../src/core/plan/build/build-words.ts';
import { quickBuildName } from '../../../src/core/plan/images.ts';
import { collectFindings } from './collect-findings.ts';

/** A one-off build: `{ cmd, registry, registries }` → the text with its image names in full, and those names. */
export function quickbuildOutcome(input: Readonly<Record<string, unknown>>): unknown {
  const { cmd, registry, registries } = input;
  const { codes, ...report } = collectFindings();
  const read = readBuildText(String(cmd), report);
  if (read === undefined) return { errorKinds: codes };
  const known = Array.isArray(registries) ? registries.map(String) : [];
  const tags = read.options.images.map((name) => quickBuildName(name, String(registry), known));
  return { tags, rendered: renamed(String(cmd), tags) };
}

/** The text with the value of each `-t` replaced, in order; between words there is one blank, as in the recording. */
function renamed(text: string, names: readonly string[]): string {
  const rest = [...names];
  const named = text.replace(
    /((?:^|\s)(?:-t|--tag)(?:\s+|=))(\S+)/g,
    (_, option, name) => `${option}${rest.shift() ?? name}`,
  );
  return named.trim().replace(/\s+/g, ' ');
}
