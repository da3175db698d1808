import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { codec } from '../../../../workers/engine/proto/messages.ts';
import { authService } from '../../../../workers/engine/session-services/auth.ts';
import { serveGrpc } from '../../../../workers/engine/session-services/grpc-server.ts';
import { healthService } from '../../../../workers/engine/session-services/health.ts';
import { secretsService } from '../../../../workers/engine/session-services/secrets.ts';

type Message = Record<string, unknown>;

/** Asks the services of a session by the client of the usual library, as BuildKit has one. */
async function serve(t: TestContext) {
  const large = Buffer.alloc(300_000, 's');
  const services = new Map([
    ...healthService(),
    ...authService([{ registry: 'r.test', username: 'me', password: 'hush' }]),
    ...secretsService(new Map([['large', large]])),
  ]);
  const server = createServer((socket) => {
    const { close } = serveGrpc(socket, services);
    t.after(close);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const client = new grpc.Client(`127.0.0.1:${address.port}`, grpc.credentials.createInsecure());
  t.after(() => {
    client.close();
    server.close();
  });
  return (path: string, [request, response]: readonly [string, string], message: Message) =>
    new Promise<Message | undefined>((resolve, reject) => {
      client.makeUnaryRequest(path, codec(request).encode, codec(response).decode, message, (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
}

const health = ['/grpc.health.v1.Health/Check', ['HealthCheckRequest', 'HealthCheckResponse']] as const;
const auth = ['/moby.filesync.v1.Auth/Credentials', ['CredentialsRequest', 'CredentialsResponse']] as const;
const secrets = ['/moby.buildkit.secrets.v1.Secrets/GetSecret', ['GetSecretRequest', 'GetSecretResponse']] as const;

test('questions are answered, also beside each other', async (t) => {
  const ask = await serve(t);
  const [alive, own, other, secret] = await Promise.all([
    ask(...health, {}),
    ask(...auth, { Host: 'r.test' }),
    ask(...auth, { Host: 'other.test' }),
    ask(...secrets, { ID: 'large' }),
  ]);
  assert.deepEqual({ ...alive }, { status: 1 });
  assert.deepEqual({ ...own }, { Username: 'me', Secret: 'hush' });
  assert.deepEqual({ ...other }, {});
  assert.equal(Object(secret?.data).length, 300_000);
});

test('what goes wrong is told with its status and its words', async (t) => {
  const ask = await serve(t);
  await assert.rejects(ask(...secrets, { ID: 'größe 100%' }), {
    code: grpc.status.NOT_FOUND,
    details: 'The build has no secret "größe 100%".',
  });
  await assert.rejects(ask('/a.B/C', health[1], {}), {
    code: grpc.status.UNIMPLEMENTED,
    details: 'There is no method /a.B/C.',
  });
});

test('a session goes on after calls that ended badly', async (t) => {
  const ask = await serve(t);
  for (let time = 0; time < 50; time += 1) await assert.rejects(ask('/a.B/C', health[1], {}));
  assert.deepEqual({ ...(await ask(...health, {})) }, { status: 1 });
});
