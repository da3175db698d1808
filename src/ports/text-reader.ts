import type { AliasSourceContent } from '../core/task-file/alias/source-content.ts';

/**
 * Reads the short texts that a task file refers to: files of its source, and pages of the web. Whoever wrote the task
 * chose the names, and is not trusted: a name must lead to nothing else of this machine or its network.
 *
 * - What cannot be read is an answer, not an error; only faults of this process reject.
 * - Any number of texts may be read at the same time. Nothing is kept between two calls, and there is nothing to close.
 * - A text has at most 64 KiB and is UTF-8.
 */
export interface TextReader {
  /**
   * Reads a file by its path relative to `directory` (absolute, links resolved). It must be an ordinary file that lies
   * in the directory, also after its links are followed.
   */
  readFile(directory: string, path: string): Promise<AliasSourceContent>;
  /**
   * Reads what a server answers to GET with a 2xx status, within five seconds in all; up to three redirects are
   * followed. Only http and https, without a user name or password in the URL, and no credential of this machine is
   * sent. The host must lie in the public internet, and so must every host that a redirect leads to: nothing is sent to
   * any other address, whatever the name of a host resolves to. Rejects with `signal.reason` when aborted.
   */
  fetch(url: string, signal: AbortSignal): Promise<AliasSourceContent>;
}
