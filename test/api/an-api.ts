import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApi } from '../../src/api/build-api.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { aWorld, type World } from '../services/a-world.ts';

export const TOKEN = 'a-token-that-must-stay-secret';
export const AUTH = { authorization: `Bearer ${TOKEN}` };

/** An API over stores in memory, with everything it logged. */
export interface TestApi extends World {
  readonly app: FastifyInstance;
  /** What the operator's log has. */
  logged(): string;
  /** Starts to listen on a free port; answers http://127.0.0.1:port. */
  listen(): Promise<string>;
}

/** Builds it; closed at the end of the test. `change` replaces parts of what it is made of. */
export function anApi(t: TestContext, change: (world: World) => Partial<ApiDeps> = () => ({})): TestApi {
  const world = aWorld();
  let log = '';
  let requests = 0;
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  });
  const app = buildApi({
    ...world,
    tokens: [
      { name: 'ada', token: TOKEN },
      { name: 'ci', token: 'another-token' },
    ],
    logger: pino({ level: 'debug' }, sink),
    version: '1.2.3',
    limits: { uploadBytes: 100_000, sourceBytes: 1_000_000 },
    newRequestId: () => `q${++requests}`,
    ...change(world),
  });
  t.after(() => app.close());
  return {
    ...world,
    app,
    logged: () => log,
    async listen() {
      await app.listen({ port: 0, host: '127.0.0.1' });
      // Listening on TCP: the address is never a path.
      const { port } = app.server.address() as AddressInfo;
      return `http://127.0.0.1:${port}`;
    },
  };
}
