import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { inBody } from './in-body.ts';
import { type AttemptId, attemptName, labelsOf } from './names.ts';
import { createOnce } from './once.ts';

/** The network of an attempt: made when the first container needs it, so builds and pushes alone cost none. */
export interface RunNetwork {
  ready(): Promise<void>;
}

/** Prepares the network of an attempt; nothing is made yet. */
export function createRunNetwork(connection: EngineConnection, id: AttemptId): RunNetwork {
  const making = createOnce(async () => {
    try {
      await connection.docker.createNetwork(
        inBody({ Name: attemptName(id), Driver: 'bridge', CheckDuplicate: true, Labels: labelsOf(id) }),
      );
    } catch (error) {
      // A try before this one may have made it although its answer was lost.
      if (refusalOf(error)?.status !== 409) throw error;
    }
  });
  return { ready: () => making.run() };
}
