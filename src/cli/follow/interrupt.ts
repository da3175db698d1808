/**
 * What Ctrl-C and SIGTERM do while a run is followed.
 *
 *   following ──Ctrl-C──▶ asking ──Ctrl-C, c──▶ canceling ──Ctrl-C──▶ left
 *       ▲                   │ d ──────────────────────────────────────▶ left (the run goes on)
 *       └──any other key────┘
 *
 * - With nobody to ask (standard error is no terminal) the first Ctrl-C cancels.
 * - `canceling` goes on following until the run's record is final, so that the exit code tells the truth; who does not
 *   want to wait for that presses Ctrl-C once more.
 * - SIGTERM always leaves: it comes from a supervisor that wants this process gone now, and says nothing about the run.
 */
import { unreachable } from '../../core/unreachable.ts';

/** Where the conversation is. */
export type InterruptState = 'following' | 'asking' | 'canceling' | 'left';

/** What came in: a signal, or a key pressed while asking. */
export type InterruptInput =
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'key'; readonly key: string };

/** What is to be done about it. */
export type InterruptAction = 'none' | 'ask' | 'withdraw' | 'cancel' | 'leave' | 'leave-terminated';

/** The next state and what to do; pure. `canAsk`: whether somebody can read and answer a question. */
export function onInterrupt(
  state: InterruptState,
  input: InterruptInput,
  canAsk: boolean,
): { readonly state: InterruptState; readonly action: InterruptAction } {
  if (state === 'left') return { state, action: 'none' };
  if (input.kind === 'terminate') return { state: 'left', action: 'leave-terminated' };
  switch (state) {
    case 'following':
      if (input.kind === 'key') return { state, action: 'none' };
      return canAsk ? { state: 'asking', action: 'ask' } : { state: 'canceling', action: 'cancel' };
    case 'asking':
      return answer(input);
    case 'canceling':
      return input.kind === 'key' ? { state, action: 'none' } : { state: 'left', action: 'leave' };
    default:
      return unreachable(state);
  }
}

function answer(input: Exclude<InterruptInput, { kind: 'terminate' }>): {
  readonly state: InterruptState;
  readonly action: InterruptAction;
} {
  // In raw mode the terminal hands over Ctrl-C as a character instead of sending the signal.
  const key = input.kind === 'interrupt' ? CTRL_C : input.key.toLowerCase();
  if (key === CTRL_C || key === 'c') return { state: 'canceling', action: 'cancel' };
  if (key === 'd') return { state: 'left', action: 'leave' };
  return { state: 'following', action: 'withdraw' };
}

/** What a keyboard in raw mode gives for Ctrl-C. */
export const CTRL_C = '\u0003';
