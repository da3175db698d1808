import type { Duplex, Readable } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import type { RegistryCredential } from '../../src/ports/step-engine.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { authService } from './session-services/auth.ts';
import { healthService } from './session-services/health.ts';
import { secretsService } from './session-services/secrets.ts';
import { sshService } from './session-services/ssh.ts';
import { uploadService } from './session-services/upload.ts';
import type { SshAgent } from './ssh-agent.ts';

/** What a build may ask of us while it runs. */
export interface SessionOffer {
  readonly credentials: readonly RegistryCredential[];
  /** Begins the archive of the build's context. */
  openArchive(): Readable;
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
 * gRPC. Answers 'unsupported' when the engine has no BuildKit. `id` must be new on this engine. An abort of `signal` ends
 * the opening, not a session that is open.
 */
export async function openBuildSession(
  connection: EngineConnection,
  id: string,
  offer: SessionOffer,
  signal: AbortSignal,
): Promise<BuildSession | 'unsupported'> {
  const services = [
    healthService(),
    authService(offer.credentials),
    ...(offer.secrets.size === 0 ? [] : [secretsService(offer.secrets)]),
    ...(offer.agents.size === 0 ? [] : [sshService(offer.agents)]),
    uploadService(id, offer.openArchive),
  ];
  const methods = services.flatMap(({ definition }) => Object.values(definition).map(({ path }) => path));
  let socket: Readable;
  try {
    const headers = {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'slipway',
      'X-Docker-Expose-Session-Grpc-Method': methods,
    };
    socket = await connection.upgrade('/session', headers, signal);
  } catch (error) {
    if (UNKNOWN.has(refusalOf(error)?.status ?? 0)) return 'unsupported';
    throw error;
  }
  const server = new grpc.Server();
  for (const { definition, handlers } of services) server.addService(definition, handlers);
  // An upgraded request gives a socket, which is a duplex.
  server.createConnectionInjector(grpc.ServerCredentials.createInsecure()).injectConnection(socket as Duplex);
  return {
    id,
    close() {
      server.forceShutdown();
      socket.destroy();
    },
  };
}
