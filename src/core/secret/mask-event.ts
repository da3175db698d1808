import type { RunEvent } from '../../../task-schemas/index.ts';

/** Fields whose texts are ours, of a few known words: a secret that is such a word must not make the record unreadable. */
const OWN_WORDS: ReadonlySet<string> = new Set(['kind', 'status', 'reason', 'code', 'severity', 'digest']);

/** The same event with secrets hidden in every text that comes from outside: messages, hints, ids of steps, images. */
export function maskEvent(event: RunEvent, hide: (text: string) => string): RunEvent {
  // What is masked has the shape that it had: only texts are replaced, by texts.
  return maskTexts(event, hide) as RunEvent;
}

/** A value with secrets hidden in all of its texts but those of our own words and digests; keys stay. */
export function maskTexts(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === 'string') return hide(value);
  if (Array.isArray(value)) return value.map((each) => maskTexts(each, hide));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, OWN_WORDS.has(name) ? each : maskTexts(each, hide)]),
  );
}
