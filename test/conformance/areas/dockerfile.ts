import { imageDependencies } from '../../../src/core/dependency/image-dependencies.ts';
import { errors } from '../../../src/core/diagnostic.ts';
import { scanDockerfile } from '../../../src/core/dockerfile/scan-dockerfile.ts';
import type { Result } from '../../../src/core/result.ts';

/** Cases of the area `dockerfile`: the dependency report of a Dockerfile. */
export function dockerfileOutcome(input: Readonly<Record<string, unknown>>): unknown {
  const scan = scanDockerfile({
    text: String(input.dockerfile),
    fileName: 'Dockerfile',
    buildArgs: texts(input.buildArgs),
    target: String(input.target ?? ''),
  });
  if (!scan.ok) return refused(scan);
  const report = imageDependencies(scan.value, texts(input.tags));
  if (!report.ok) return refused(report);
  return { valid: true, dependencies: report.value.map(({ git: _, ...rest }) => ({ ...rest, ...sorted(rest) })) };
}

/** The order of the others does not matter, and the cases are sorted. */
function sorted({
  'buildtime-dependency': images,
}: {
  'buildtime-dependency': readonly { reference: string }[] | null;
}) {
  const order = (left: { reference: string }, right: { reference: string }) =>
    left.reference < right.reference ? -1 : 1;
  return { 'buildtime-dependency': images === null ? null : images.toSorted(order) };
}

function refused(result: Result<unknown>): unknown {
  const kinds = result.ok ? [] : errors(result.diagnostics).map(({ code }) => code);
  return { valid: false, errorKinds: kinds };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
