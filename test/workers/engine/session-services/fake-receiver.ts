import type { Packet } from '../../../../workers/engine/session-services/packets.ts';
import type { PacketStream } from '../../../../workers/engine/session-services/send-files.ts';
import type { ListedEntry } from '../../../../workers/engine/source-files.ts';

/** A receiver of files that a test plays. */
export interface FakeReceiver {
  readonly stream: PacketStream;
  /** Everything it was sent so far. */
  readonly got: Packet[];
  /** Says something to the sender. */
  say(...packets: readonly Packet[]): void;
  /** Goes away: nothing more is said, and nothing can be sent. */
  goAway(): void;
  /** Resolves when it has got a packet that is so. */
  has(matches: (packet: Packet) => boolean): Promise<void>;
}

/** Begins one; `hold` is asked before each sending has room again. */
export function fakeReceiver(hold: () => Promise<void> = async () => {}): FakeReceiver {
  const got: Packet[] = [];
  const said: Packet[] = [];
  let isGone = false;
  let wake = () => {};
  let moved = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const move = () => {
    wake();
    moved = new Promise<void>((resolve) => {
      wake = resolve;
    });
  };
  async function* received(): AsyncGenerator<Packet> {
    for (;;) {
      const more = moved;
      yield* said.splice(0);
      if (isGone) return;
      await more;
    }
  }
  return {
    stream: {
      async send(...packets) {
        if (isGone) throw new Error('The receiver is gone.');
        got.push(...packets);
        move();
        await hold();
      },
      received: received(),
    },
    got,
    say(...packets) {
      said.push(...packets);
      move();
    },
    goAway() {
      isGone = true;
      move();
    },
    async has(matches) {
      while (!got.some(matches)) await moved;
    },
  };
}

/** A file with this content, in chunks as they are given. */
export function fileOf(name: string, ...chunks: readonly (string | Buffer)[]): ListedEntry {
  const buffers = chunks.map((chunk) => Buffer.from(chunk));
  const size = buffers.reduce((sum, { length }) => sum + length, 0);
  return {
    header: { name, type: 'file', size },
    open: async function* () {
      yield* buffers;
    },
  };
}

/** Entries as they are listed. */
export async function* listOf(...entries: readonly ListedEntry[]): AsyncGenerator<ListedEntry> {
  yield* entries;
}
