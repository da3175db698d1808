import type { TextFindings } from '../../../src/core/task-file/text-findings.ts';

/** Findings of which only the codes of the errors are kept. */
export function collectFindings(): TextFindings & { readonly codes: string[] } {
  const codes: string[] = [];
  return { codes, error: (code) => void codes.push(code), warning: () => undefined };
}
