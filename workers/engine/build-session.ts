import type { Duplex, Readable } from 'node:stream';
import type { RegistryCredential } from '../../src/ports/step-engine.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { authService } from './session-services/auth.ts';
import { diffCopyService, type SyncFolders } from './session-services/diff-copy.ts';
import { serveGrpc } from './session-services/grpc-server.ts';
import { healthService } from './session-services/health.ts';
import { secretsService } from './session-services/secrets.ts';
import { sshService } from './session-services/ssh.ts';
import type { SshAgent } from './ssh-agent.ts';

/** What a build may ask of us while it runs. */
export interface SessionOffer {
  readonly credentials: readonly RegistryCredential[];
  /** The files of the build's context. */
  readonly folders: SyncFolders;
  /** By id, for `RUN --mount=type=secret` and `RUN --mount=type=ssh`; only what is there is offered. */
  readonly secrets: ReadonlyMap<string, Buffer>;
  readonly agents: ReadonlyMap<string, SshAgent>;
}

/** A connection on which the engine calls us back during one build. */
export interface BuildSession {
  readonly id: string;
  close(): void;
}

/** How engines answer a request that they do not know. */
const UNKNOWN = new Set([400, 404, 405, 501]);

/**
 * Opens a session with the engine's BuildKit: a request turned round, on which the engine is the client and we serve
 * gRPC. Answers 'unsupported' when the engine has no BuildKit. An abort of `signal` ends the opening, not a session that is
 * open.
 *
 * `id` must be new on this engine. It is also the key under which BuildKit keeps the folders that it was sent. Of those
 * with one key it asks again only for files whose size, mode or time differ, and the times of a source are no sign of its
 * content: archives have fixed ones, a checkout has those of its making. With a key that was used before, a file that
 * changed in neither could come from another build. So each build sends all of its files, and BuildKit finds its layers
 * by their contents.
 */
export async function openBuildSession(
  connection: EngineConnection,
  id: string,
  offer: SessionOffer,
  signal: AbortSignal,
): Promise<BuildSession | 'unsupported'> {
  const services = new Map([
    ...healthService(),
    ...authService(offer.credentials),
    ...(offer.secrets.size === 0 ? [] : secretsService(offer.secrets)),
    ...(offer.agents.size === 0 ? [] : sshService(offer.agents)),
    ...diffCopyService(offer.folders),
  ]);
  let socket: Readable;
  try {
    const headers = {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'slipway',
      'X-Docker-Expose-Session-Sharedkey': id,
      'X-Docker-Expose-Session-Grpc-Method': [...services.keys()],
    };
    socket = await connection.upgrade('/session', headers, signal);
  } catch (error) {
    if (UNKNOWN.has(refusalOf(error)?.status ?? 0)) return 'unsupported';
    throw error;
  }
  // An upgraded request gives a socket, which is a duplex.
  const { close } = serveGrpc(socket as Duplex, services);
  return { id, close };
}
