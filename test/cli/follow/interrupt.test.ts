import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CTRL_C,
  type InterruptAction,
  type InterruptInput,
  type InterruptState,
  onInterrupt,
} from '../../../src/cli/follow/interrupt.ts';

const interrupt: InterruptInput = { kind: 'interrupt' };
const terminate: InterruptInput = { kind: 'terminate' };
const key = (text: string): InterruptInput => ({ kind: 'key', key: text });

function talk(inputs: readonly InterruptInput[], canAsk: boolean) {
  let state: InterruptState = 'following';
  const actions: InterruptAction[] = [];
  for (const input of inputs) {
    const step = onInterrupt(state, input, canAsk);
    state = step.state;
    actions.push(step.action);
  }
  return { state, actions };
}

const cases = [
  { name: 'Ctrl-C asks', inputs: [interrupt], state: 'asking', actions: ['ask'] },
  { name: 'twice cancels', inputs: [interrupt, interrupt], state: 'canceling', actions: ['ask', 'cancel'] },
  { name: 'c cancels', inputs: [interrupt, key('c')], state: 'canceling', actions: ['ask', 'cancel'] },
  { name: 'C cancels', inputs: [interrupt, key('C')], state: 'canceling', actions: ['ask', 'cancel'] },
  { name: 'Ctrl-C as a key cancels', inputs: [interrupt, key(CTRL_C)], state: 'canceling', actions: ['ask', 'cancel'] },
  { name: 'd detaches', inputs: [interrupt, key('d')], state: 'left', actions: ['ask', 'leave'] },
  { name: 'Enter goes on', inputs: [interrupt, key('\r')], state: 'following', actions: ['ask', 'withdraw'] },
  {
    name: 'a cursor key goes on, and Ctrl-C asks anew',
    inputs: [interrupt, key('\u001b[A'), interrupt],
    state: 'asking',
    actions: ['ask', 'withdraw', 'ask'],
  },
  { name: 'a key without a question means nothing', inputs: [key('c')], state: 'following', actions: ['none'] },
  {
    name: 'the third leaves a run that is slow to cancel',
    inputs: [interrupt, interrupt, interrupt, interrupt],
    state: 'left',
    actions: ['ask', 'cancel', 'leave', 'none'],
  },
  { name: 'SIGTERM leaves', inputs: [terminate], state: 'left', actions: ['leave-terminated'] },
  {
    name: 'SIGTERM leaves a question',
    inputs: [interrupt, terminate],
    state: 'left',
    actions: ['ask', 'leave-terminated'],
  },
] as const;

for (const { name, inputs, state, actions } of cases) {
  test(`with somebody to ask: ${name}`, () => assert.deepEqual(talk(inputs, true), { state, actions }));
}

test('with nobody to ask the first cancels and the second leaves', () => {
  assert.deepEqual(talk([interrupt, interrupt], false), { state: 'left', actions: ['cancel', 'leave'] });
  assert.deepEqual(talk([interrupt, terminate], false), { state: 'left', actions: ['cancel', 'leave-terminated'] });
});
