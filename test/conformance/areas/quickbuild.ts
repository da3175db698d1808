import { readBuildText } from '../../../src/core/plan/build-words.ts';
import { compileDockerBuild } from '../../../src/core/plan/compile-docker-build.ts';
import { testContext } from '../../support/run-context.ts';
import { collectFindings } from './collect-findings.ts';

/** A one-off build: `{ cmd, registry, registries }` → the text with its image names in full, and those names. */
export function quickbuildOutcome(input: Readonly<Record<string, unknown>>): unknown {
  const { cmd, registry, registries } = input;
  const { codes, ...report } = collectFindings();
  const read = readBuildText(String(cmd), report);
  if (read === undefined) return { errorKinds: codes };
  const names = [...read.options.images];
  const known = Array.isArray(registries) ? registries.map(String) : [];
  const request = { kind: 'docker-build', source: { kind: 'none' }, images: names } as const;
  const plan = compileDockerBuild(request, testContext({ registry: String(registry) }), known);
  if (!plan.ok) return { errorKinds: plan.diagnostics.map(({ code }) => code) };
  const [build] = plan.value.steps;
  const images = build?.kind === 'build' ? build.images : [];
  return { tags: images, rendered: renamed(String(cmd), names, images) };
}

/** The text with each name replaced, in order. */
function renamed(text: string, names: readonly string[], images: readonly string[]): string {
  let rest = text;
  let done = '';
  names.forEach((name, index) => {
    const at = rest.indexOf(name);
    done += rest.slice(0, at) + images[index];
    rest = rest.slice(at + name.length);
  });
  return done + rest;
}
