import type { BuildStatus, Vertex } from './proto/status.ts';

/** What came of the instructions of a Dockerfile that a build needed, without its FROMs. */
export interface BuildCounts {
  readonly instructions: number;
  /** How many of them found their layer made already. */
  readonly cached: number;
  /** The images that the builder looked up at their registry, as it names them: `docker.io/library/node:20@sha256:…`. */
  readonly bases: readonly string[];
}

/** `[2/5] RUN make`, `[tools 2/3] COPY . .`, `[linux/arm64 tools 2/3] COPY . .`; BuildKit's own steps have no number. */
const INSTRUCTION = /^\[(?:[^\]]* )?\d+\/\d+\] (.*)$/s;
const RESOLVED_BASE = /^FROM (\S+@sha256:[a-f0-9]{64})$/;
/** The classic builder: `Step 2/5 : RUN make`, and ` ---> Using cache` after it. */
const CLASSIC_STEP = /^Step \d+\/\d+ : (?!FROM |ARG )/i;
const CLASSIC_CACHED = /^ ---> Using cache\s*$/;

/** Counts what a build tells of its instructions; nothing seen to begin with. */
export function createBuildCount() {
  const ended = new Map<string, Vertex>();
  const bases = new Set<string>();
  const classic = { instructions: 0, cached: 0, counts: false };

  function seeVertex(vertex: Vertex): void {
    const instruction = INSTRUCTION.exec(vertex.name)?.[1];
    if (instruction === undefined) return;
    const base = RESOLVED_BASE.exec(instruction)?.[1];
    if (base !== undefined) bases.add(base);
    const isFrom = /^FROM\s/i.test(instruction);
    // The first end counts: a cached layer that is fetched only when the image is written ends once more, uncached.
    if (isFrom || vertex.completed === undefined || vertex.error !== '' || ended.has(vertex.digest)) return;
    ended.set(vertex.digest, vertex);
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
      const cached = [...ended.values()].filter((vertex) => vertex.cached).length;
      return {
        instructions: ended.size + classic.instructions,
        cached: cached + classic.cached,
        bases: [...bases],
      };
    },
  };
}
