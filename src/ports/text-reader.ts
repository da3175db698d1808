import type { AliasSourceContent } from '../core/task-file/alias/source-content.ts';

/**
 * Reads the short texts that a task file refers to: files of its source, and pages of the web. Whoever wrote the task
 * chose the names, and is not trusted: a name must lead to nothing else of this machine or its network.
 *
 * - What cannot be read is an answer, not an error; only faults of this process reject.
 * - Any number of texts may be read at the same time. Nothing is kept between two calls, and there is nothing to close.
 */
export interface TextReader {
  /**
   * Reads a file by its path relative to `directory` (absolute, links resolved). It must lie in the directory, also
   * after its links are followed, be an ordinary file of at most 64 KiB, and be UTF-8.
   */
  readFile(directory: string, path: string): Promise<AliasSourceContent>;
}
