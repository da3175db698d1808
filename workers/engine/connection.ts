import http, { type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { inspect } from 'node:util';
import type DockerModem from 'docker-modem';
import Docker from 'dockerode';
import { engineProblem } from '../../src/core/engine-host.ts';
import { EngineFault } from './engine-error.ts';

/** Where an engine listens. */
export type EngineAddress =
  | { readonly kind: 'unix'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** A request whose answer is a stream; `path` without the query. */
export interface StreamRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Readable;
}

/** One engine: dockerode for what it does well, and raw requests for what it does not (builds, sessions, waiting). */
export interface EngineConnection {
  /** What DOCKER_HOST said, for messages. */
  readonly address: string;
  readonly docker: Docker;
  /**
   * Resolves with the answer's body as soon as its headers are here; rejects for every status but 200. `signal` breaks
   * off the request, before and after that.
   */
  stream(request: StreamRequest, signal?: AbortSignal): Promise<IncomingMessage>;
  /** Turns a request into a raw connection. `signal` breaks off the request; the connection is its receiver's to end. */
  upgrade(path: string, headers: Readonly<Record<string, string | string[]>>, signal: AbortSignal): Promise<Readable>;
  close(): void;
}

/** Reads DOCKER_HOST: `unix:///path` or `tcp://host:port`. Throws for anything else; it is a mistake in the configuration. */
export function parseDockerHost(dockerHost: string): EngineAddress {
  const problem = engineProblem(dockerHost, undefined);
  if (problem !== undefined) throw new EngineFault(`${problem.reason}: ${problem.cure}.`);
  const unix = /^unix:\/\/(\/.+)$/.exec(dockerHost);
  if (unix?.[1] !== undefined) return { kind: 'unix', socketPath: unix[1] };
  const tcp = /^(?:tcp|http):\/\/(\[[^\]]+\]|[^:/[\]]+)(?::(\d+))?\/?$/.exec(dockerHost);
  if (tcp?.[1] !== undefined) {
    return { kind: 'tcp', host: tcp[1].replace(/^\[|\]$/g, ''), port: Number(tcp[2] ?? 2375) };
  }
  throw new EngineFault(
    `DOCKER_HOST is "${dockerHost}", which is not an address of an engine: use unix:///path/to/docker.sock or tcp://host:port.`,
  );
}

/**
 * The client library turns the options of every request, its agent included, into text for a debug log that nobody
 * reads. All that an agent holds (sockets, buffers, handlers) takes longer to spell out than the engine to answer.
 */
class BriefAgent extends http.Agent {
  [inspect.custom](): string {
    return 'Agent';
  }
}

/** Prepares requests to the engine at `dockerHost`; nothing is sent before the first one. */
export function connectEngine(dockerHost: string): EngineConnection {
  const address = parseDockerHost(dockerHost);
  const agent = new BriefAgent({ keepAlive: true });
  // The client library fills what is missing from the environment: every field is given, also the absent ones.
  const options = {
    socketPath: address.kind === 'unix' ? address.socketPath : undefined,
    host: address.kind === 'tcp' ? address.host : undefined,
    port: address.kind === 'tcp' ? address.port : undefined,
    protocol: 'http' as const,
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: undefined,
    version: undefined,
    headers: {},
    agent,
  };
  const docker = new Docker(options);
  const modem: DockerModem = docker.modem;
  return {
    address: dockerHost,
    docker,
    stream: (request, signal) => openStream(modem, request, signal),
    upgrade: (path, headers, signal) => upgrade(modem, path, headers, signal),
    close: () => agent.destroy(),
  };
}

function openStream(
  modem: DockerModem,
  request: StreamRequest,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        method: request.method,
        // The library cuts the last character of a path that has a "?" but no options, so both are always given.
        path: `${request.path}?`,
        options: { _query: request.query, _body: {} },
        isStream: true,
        statusCodes: { 200: true },
        ...(request.headers === undefined ? {} : { headers: { ...request.headers } }),
        ...(request.body === undefined ? {} : { file: request.body }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
      },
      // With `isStream` the library hands over the message itself.
      (error, answer) => (error === null ? resolve(answer as IncomingMessage) : reject(error)),
    );
  });
}

function upgrade(
  modem: DockerModem,
  path: string,
  headers: Readonly<Record<string, string | string[]>>,
  signal: AbortSignal,
): Promise<Readable> {
  return new Promise((resolve, reject) => {
    modem.dial(
      { method: 'POST', path, hijack: true, headers: { ...headers }, statusCodes: { 101: true }, abortSignal: signal },
      // With `hijack` an upgraded request gives its socket, and any other answer an error.
      (error, socket) => (error === null ? resolve(socket as Readable) : reject(error)),
    );
  });
}
