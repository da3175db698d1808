import type { Header } from 'tar-stream';
import type { Limited } from './read-limited.ts';

/** The head of a tar entry; what is absent has its usual value. */
export type EntryHeader = Partial<Header> & Pick<Header, 'name'>;

/** One entry of a folder: its tar header, and its content when it is a file. The content is read before the next entry. */
export interface SourceEntry {
  readonly header: EntryHeader;
  readonly body: AsyncIterable<Uint8Array> | Buffer | undefined;
}

/** One entry of a folder whose content can be read whenever, by several at once and as often as wanted. */
export interface ListedEntry {
  readonly header: EntryHeader;
  /** Opens the content of a file; rejects when it is not what it was when it was listed. */
  readonly open: (() => AsyncIterable<Uint8Array>) | undefined;
}

/** The entries of a folder in the order that SourceFiles promises. Whoever gets it closes it. */
export interface FileList {
  entries(): AsyncIterable<ListedEntry>;
  /** After this no content can be read any more. */
  close(): void;
}

/** Which paths of a folder are wanted; paths are relative to it, with "/" between the parts. */
export interface PathFilter {
  wants(path: string, isDirectory: boolean): boolean;
  /** True when nothing below this folder can be wanted. */
  canSkip(directory: string): boolean;
}

/** The filter that wants everything. */
export const EVERYTHING: PathFilter = { wants: () => true, canSkip: () => false };

/** What is at a path: `outside` when a symbolic link leads out of the files. */
export type PathKind = 'file' | 'directory' | 'other' | 'missing' | 'outside';

/**
 * The files a build can take its context from: the source on this machine, or the workspace volume on the engine. Paths
 * are relative to their root. Entries keep modes, times, symbolic links and empty folders; their owner is root. Every
 * question ends when `signal` aborts, also when the engine does not answer it.
 */
export interface SourceFiles {
  /** In messages: where the files are. */
  readonly place: string;
  kind(path: string, signal: AbortSignal): Promise<PathKind>;
  /**
   * The content of a file of at most `maxBytes`; no more of a larger one is read. Undefined when there is no file at this
   * path.
   */
  read(path: string, maxBytes: number, signal: AbortSignal): Promise<Limited | undefined>;
  /**
   * Everything below a folder that the filter wants, and the folders that it lies in. Names are relative to the folder,
   * parents come first, and what is in one folder is ordered by the bytes of its names.
   */
  entries(folder: string, filter: PathFilter, signal: AbortSignal): AsyncIterable<SourceEntry>;
  /** The same as a list. */
  list(folder: string, filter: PathFilter, signal: AbortSignal): FileList;
}
