import type { Socket } from 'node:net';
import { bodyOf } from './error-handler.ts';
import { type ApiProblem, problems } from './errors.ts';

/** Answers what is not HTTP, or too much of it: there is no request yet, so the framework cannot. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket, requestId: string): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const problem = problemOf(error.code);
    const body = JSON.stringify(bodyOf(problem, requestId));
    const head = [
      `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Bad Request'}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}

const REASONS: Readonly<Record<number, string>> = { 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

function problemOf(code: string | undefined): ApiProblem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problems.messageInvalid(408, 'it did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return problems.messageInvalid(431, 'its headers are larger than 16 KiB');
    default:
      return problems.messageInvalid(400, 'it is not HTTP/1.1');
  }
}
