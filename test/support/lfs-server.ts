/** The part of a git server that Git LFS asks for: which objects there are and where (its Batch API), and the objects. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { GitServer } from './git-server.ts';

/** What a commit has in place of a file that Git LFS keeps. */
export function lfsPointer(content: string): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${content.length}\n`;
}

/** What an LFS server was asked: path, and `Authorization` if there was one. */
export interface LfsRequest {
  readonly path: string;
  readonly authorization: string | undefined;
}

/** How an LFS server is set up. */
export interface LfsOptions {
  /** The password that is asked for. */
  readonly token?: string;
  /** Where objects are fetched from; without it from the same server. */
  readonly storage?: string;
}

const BATCH = /\/info\/lfs\/objects\/batch$/;
const OBJECT = /^\/lfs-objects\/([0-9a-f]{64})$/;
const Batch = Type.Object({ objects: Type.Array(Type.Object({ oid: Type.String(), size: Type.Number() })) });

/** Lets a git server keep these contents for Git LFS too; answers the requests so far, which grow. */
export function keepLfs(
  server: GitServer,
  contents: readonly string[],
  options: LfsOptions = {},
): readonly LfsRequest[] {
  const objects = new Map(contents.map((content) => [sha256(content), content]));
  const seen: LfsRequest[] = [];
  server.intercept = (request, response) => {
    const path = request.url ?? '';
    const [, oid] = OBJECT.exec(path) ?? [];
    if (oid === undefined && !BATCH.test(path)) return false;
    seen.push({ path, authorization: request.headers.authorization });
    if (oid !== undefined) response.end(objects.get(oid));
    else
      answerBatch(request, response, objects, { storage: server.url, ...options }).catch((error) =>
        response.destroy(error),
      );
    return true;
  };
  return seen;
}

async function answerBatch(
  request: IncomingMessage,
  response: ServerResponse,
  objects: ReadonlyMap<string, string>,
  { token, storage }: LfsOptions,
): Promise<void> {
  const batch = Value.Parse(Batch, await json(request));
  const given = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
  const type = { 'content-type': 'application/vnd.git-lfs+json' };
  if (token !== undefined && given.split(':')[1] !== token) {
    response.writeHead(401, { ...type, 'lfs-authenticate': 'Basic realm="lfs"' }).end('{"message":"Who is it?"}');
    return;
  }
  const described = batch.objects.map(({ oid, size }) =>
    objects.has(oid)
      ? { oid, size, actions: { download: { href: `${storage}/lfs-objects/${oid}` } } }
      : { oid, size, error: { code: 404, message: 'There is no such object.' } },
  );
  response.writeHead(200, type).end(JSON.stringify({ transfer: 'basic', objects: described }));
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
