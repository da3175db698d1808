import type { Readable } from 'node:stream';
import { packEntries } from './pack.ts';
import type { SyncFolders } from './session-services/diff-copy.ts';
import type { ListedEntry, SourceEntry } from './source-files.ts';

/** Where the files of a context come from. */
export interface ContextOrigins {
  /** All that the classic builder needs, as a stream. */
  packed(): AsyncIterable<SourceEntry>;
  /** The folders that BuildKit asks for by name. */
  readonly folders: SyncFolders;
  close(): void;
}

/** The files of a context in the form that a builder takes. Each form can be had again and again. */
export interface ContextFiles {
  /** A tar, for the classic builder. */
  pack(): Readable;
  /** Lists by the names under which BuildKit asks for them. */
  readonly folders: ContextOrigins['folders'];
  /** Rejects when a file could not be read for the builder; never resolves. */
  readonly unreadable: Promise<never>;
  /** Ends all packing. What was listed cannot be read any more. */
  close(): void;
}

/** The files of these origins; tells of the first that cannot be read. */
export function createContextFiles({ packed, folders, close }: ContextOrigins): ContextFiles {
  const opened: Readable[] = [];
  let fail: (error: unknown) => void = () => {};
  const unreadable = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Nobody waits for it before a build runs.
  unreadable.catch(() => {});
  async function* told<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      fail(error);
      throw error;
    }
  }
  async function* toldInside(entries: AsyncIterable<ListedEntry>): AsyncGenerator<ListedEntry> {
    for await (const { header, open } of told(entries)) {
      yield { header, open: open === undefined ? undefined : () => told(open()) };
    }
  }
  return {
    pack() {
      const { stream, written } = packEntries(packed());
      written.catch(fail);
      opened.push(stream);
      return stream;
    },
    folders: new Map(
      [...folders].map(([name, entries]) => [name, (followed: string | undefined) => toldInside(entries(followed))]),
    ),
    unreadable,
    close() {
      for (const stream of opened) stream.destroy();
      close();
    },
  };
}
