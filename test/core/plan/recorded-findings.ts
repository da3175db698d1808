import type { TextFindings } from '../../../src/core/task-file/text-findings.ts';

/** Findings as `code "part"`, where part is what they point at; warnings begin with `~`. */
export function recordFindings(text: string): TextFindings & { readonly found: string[]; readonly hints: string[] } {
  const found: string[] = [];
  const hints: string[] = [];
  const add = (mark: string) => (code: string, start: number, end: number, _message: string, hint?: string) => {
    found.push(`${mark}${code} "${text.slice(start, end)}"`);
    hints.push(hint ?? '');
  };
  return { found, hints, error: add(''), warning: add('~') };
}
