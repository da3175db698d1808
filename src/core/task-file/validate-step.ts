import type { Findings } from './findings.ts';
import { checkStepTimes, type StepTime } from './limits.ts';
import type { StepFields, StepPlaces } from './read-step.ts';
import type { Span } from './source-text.ts';

/** The id of the reference engine's hidden first node: taken, and in `when` another word for `-`. */
export const ROOT_ID = 'acb_root';

/** In `when`: the step starts at once. */
export const IMMEDIATELY = '-';

/** What is checked of a step, whether it is one or not. */
export type Checked = Pick<StepFields, 'id' | 'when' | 'retries' | 'repeat' | 'cache' | StepTime>;

/** Checks a step by itself (reference, section 2); what it says of other steps is checked with the graph. */
export function validateStep(step: Checked, places: StepPlaces, findings: Findings): void {
  const at = (field: string): Span => places.fields.get(field) ?? places.whole;
  checkCounts(step, at, findings);
  checkStepTimes(step, at, findings);
  checkId(step, at, findings);
  checkWhen(step, at, findings);
  if (step.cache !== undefined && !/^(?:|enabled|disabled)$/i.test(step.cache)) {
    findings.error('step-invalid-cache', at('cache'), `"cache" is enabled or disabled, not "${step.cache}"`);
  }
}

function checkCounts({ retries = 0, repeat = 0 }: Checked, at: (field: string) => Span, findings: Findings): void {
  if (retries < 0)
    findings.error(
      'step-invalid-retries',
      at('retries'),
      `"retries" is ${retries}, but can't be negative`,
      'Write 0 for no retries.',
    );
  if (repeat < 0)
    findings.error(
      'step-invalid-repeat',
      at('repeat'),
      `"repeat" is ${repeat}, but can't be negative`,
      'Write 0 to run the step once.',
    );
}

function checkId({ id }: Checked, at: (field: string) => Span, findings: Findings): void {
  if (id === undefined || id === '') return;
  if (/\s/u.test(id)) {
    findings.error(
      'step-id-space',
      at('id'),
      `The id "${id}" has white space in it`,
      `Write ${id.trim().replace(/\s+/gu, '-')}`,
    );
  } else if (id === ROOT_ID) {
    findings.error('step-id-reserved', at('id'), `The id "${ROOT_ID}" is reserved`, 'Choose another one.');
  } else if (!/^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/.test(id) || id.length > 63) {
    const message = `Other steps cannot reach this one as host "${id}": that is not a host name`;
    findings.warning('step-id-not-a-host', at('id'), message, 'Use at most 63 letters, digits and hyphens.');
  }
}

function checkWhen({ when = [] }: Checked, at: (field: string) => Span, findings: Findings): void {
  if (when.includes(IMMEDIATELY) && when.length > 1) {
    const message = '"-" in when means: at once. It cannot stand together with other entries';
    findings.error(
      'step-immediate-with-others',
      at(`when.${when.indexOf(IMMEDIATELY)}`),
      message,
      'Remove it, or the others.',
    );
  }
}
