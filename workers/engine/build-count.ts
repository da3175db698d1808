import type { TimedInstruction } from '../../src/core/build-times.ts';
import type { BuildStatus, Vertex } from './proto/status.ts';

/** What came of the instructions of a Dockerfile that a build needed, without its FROMs. */
export interface BuildCounts {
  readonly instructions: number;
  /** How many of them found their layer made already. */
  readonly cached: number;
  /** The images that the builder looked up at their registry, as it names them: `docker.io/library/node:20@sha256:…`. */
  readonly bases: readonly string[];
  /** The instructions one by one; the classic builder does not say how long they take, so its are left out. */
  readonly timed: readonly TimedInstruction[];
}

/** `[2/5] RUN make`, `[tools 2/3] COPY . .`, `[linux/arm64 tools 2/3] COPY . .`; BuildKit's own steps have no number. */
const INSTRUCTION = /^\[(?:([^\]]*) )?(\d+)\/\d+\] (.*)$/s;
const RESOLVED_BASE = /^FROM (\S+@sha256:[a-f0-9]{64})$/;
/** The classic builder: `Step 2/5 : RUN make`, and ` ---> Using cache` after it. */
const CLASSIC_STEP = /^Step \d+\/\d+ : (?!FROM |ARG )/i;
const CLASSIC_CACHED = /^ ---> Using cache\s*$/;

/** Counts what a build tells of its instructions; nothing seen to begin with. */
export function createBuildCount() {
  const ended = new Map<string, TimedInstruction>();
  const bases = new Set<string>();
  const classic = { instructions: 0, cached: 0, counts: false };

  function seeVertex(vertex: Vertex): void {
    const [, stage = '', place, text] = INSTRUCTION.exec(vertex.name) ?? [];
    if (text === undefined) return;
    const base = RESOLVED_BASE.exec(text)?.[1];
    if (base !== undefined) bases.add(base);
    const isFrom = /^FROM\s/i.test(text);
    // The first end counts: a cached layer that is fetched only when the image is written ends once more, uncached.
    if (isFrom || vertex.completed === undefined || vertex.error !== '' || ended.has(vertex.digest)) return;
    const seconds = Math.max(0, vertex.completed - (vertex.started ?? vertex.completed));
    ended.set(vertex.digest, { stage, place: Number(place), text, cached: vertex.cached, seconds });
  }

  return {
    see({ vertexes }: BuildStatus): void {
      for (const vertex of vertexes) seeVertex(vertex);
    },
    /** What the classic builder prints, message by message. */
    seeText(text: string): void {
      if (/^Step \d+\/\d+ : /.test(text)) {
        classic.counts = CLASSIC_STEP.test(text);
        if (classic.counts) classic.instructions += 1;
      } else if (classic.counts && CLASSIC_CACHED.test(text)) classic.cached += 1;
    },
    result(): BuildCounts {
      const timed = [...ended.values()];
      const cached = timed.filter((instruction) => instruction.cached).length;
      return {
        instructions: ended.size + classic.instructions,
        cached: cached + classic.cached,
        bases: [...bases],
        timed,
      };
    },
  };
}
