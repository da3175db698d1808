import { taskKey } from '../../../src/core/task/define-task.ts';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import type { Decision } from '../../../task-schemas/index.ts';

/** A ledger in memory. */
export function createMemoryDecisionStore(): DecisionStore {
  const decisions = new Map<string, Decision>();
  return {
    async record(decision) {
      if (!decisions.has(decision.id)) decisions.set(decision.id, structuredClone(decision));
    },
    async get(id) {
      return structuredClone(decisions.get(id));
    },
    async list({ task, cursor, limit = 50 }) {
      if (cursor !== undefined && !/^\d{16}d/.test(cursor)) return 'bad-cursor';
      const key = task === undefined ? undefined : taskKey(task);
      const found = [...decisions.values()]
        .filter(({ verdicts }) => key === undefined || verdicts.some((one) => taskKey(one.task) === key))
        .filter((one) => cursor === undefined || placeOf(one) < cursor)
        .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1))
        .map((one) => structuredClone(one));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return found.length > limit && last !== undefined
        ? { decisions: shown, nextCursor: placeOf(last) }
        : { decisions: shown };
    },
  };
}

function placeOf({ at, id }: Decision): string {
  return String(at).padStart(16, '0') + id;
}
