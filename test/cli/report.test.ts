import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportThrown } from '../../src/cli/report.ts';
import { createScreen } from '../../src/cli/screen.ts';
import { ApiFailure, ServerUnreachable } from '../../src/client/failures.ts';
import { createTestTerminal } from './support/test-terminal.ts';

const body = { code: 'x', message: 'No.', hint: 'Try yes.', details: [], requestId: 'req-7' };

const cases = [
  { name: 'a refusal', error: new ApiFailure(404, body), code: 7, says: 'error: No.\n  hint: Try yes.\n' },
  {
    name: 'a server that fails, with what its operator needs',
    error: new ApiFailure(507, body),
    code: 5,
    says: 'error: No.\n  hint: Try yes.\n  request id: req-7 (also in the server’s log)\n',
  },
  {
    name: 'a server without its store',
    error: new ApiFailure(503, body),
    code: 6,
    says: 'error: No.\n  hint: Try yes.\n  request id: req-7 (also in the server’s log)\n',
  },
  {
    name: 'a server that is not there',
    error: new ServerUnreachable('http://x', 'nothing listens', 'Start it.'),
    code: 6,
    says: "error: The Slipway server at http://x can't be reached: nothing listens. Start it.\n",
  },
  {
    name: 'a whole sentence, without its cause',
    error: new Error('The engine is away.', { cause: new Error('ENOENT') }),
    code: 5,
    says: 'error: The engine is away.\n',
  },
  {
    name: 'a bare message, finished by its cause',
    error: new Error('fetch failed', { cause: new Error('ENOENT') }),
    code: 5,
    says: 'error: fetch failed: ENOENT\n',
  },
];

for (const { name, error, code, says } of cases) {
  test(name, async () => {
    const terminal = createTestTerminal();
    assert.equal(await reportThrown(error, createScreen(terminal), false), code);
    assert.equal(terminal.errText(), says);
  });
}

test('the details of a refusal are shown with their place', async () => {
  const terminal = createTestTerminal();
  const place = { file: 'task.yaml', line: 2, column: 3, length: 1 };
  const details = [{ severity: 'error', code: 'y', message: 'Wrong.', place } as const];
  await reportThrown(new ApiFailure(422, { ...body, details }), createScreen(terminal), false);
  assert.match(terminal.errText(), /^task\.yaml:2:3: error: Wrong\.\nerror: No\.\n/);
});

test('a stack is printed only for whoever asks for it', async () => {
  const terminal = createTestTerminal();
  await reportThrown(new Error('odd'), createScreen(terminal), true);
  assert.match(terminal.errText(), /^error: odd\nError: odd\n +at /);
});
