import type { TimeValue } from './value.ts';
/** stub */
export function formatTime(_time: TimeValue, _layout: string): string {
  return '';
}
