import type { Readable } from 'node:stream';
import type { Container } from 'dockerode';
import { extract } from 'tar-stream';
import type { EngineConnection } from './connection.ts';
import { removeContainer } from './container-life.ts';
import { refusalOf } from './engine-error.ts';
import { inBody } from './in-body.ts';
import { type AttemptId, labelsOf } from './names.ts';
import { MAX_TEXT_BYTES, readLimited } from './read-limited.ts';

/** An image that the worker cannot find the user of a step in; the message is a sentence for the one who made it. */
export class UnusableImage extends Error {
  override readonly name = 'UnusableImage';

  constructor(image: string, problem: string) {
    super(`The user of the image ${image} cannot be found: ${problem}.`);
  }
}

/**
 * The number of the user that a container runs as. Names mean what the image says; one that it does not know is 0 here,
 * because the engine refuses to start the container anyway.
 * Throws `UnusableImage` when its list of users is too long to be one.
 * @param user as `docker run --user` takes it; absent: that of the image, which the engine has
 */
export async function userNumber(
  connection: EngineConnection,
  id: AttemptId,
  image: string,
  user: string | undefined,
): Promise<number> {
  const given = user ?? (await connection.docker.getImage(image).inspect()).Config.User ?? '';
  const [name = ''] = given.split(':');
  if (name === '') return 0;
  if (/^\d+$/.test(name)) return Number(name);
  return numberOf(name, await readPasswd(connection, id, image)) ?? 0;
}

/** The number of a user in the text of /etc/passwd; pure. */
export function numberOf(name: string, passwd: string): number | undefined {
  const fields = passwd.split('\n').map((line) => line.split(':'));
  const number = fields.find(([user]) => user === name)?.[2];
  return number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined;
}

/** Files of an image can be read through a container only, which is never started. */
async function readPasswd(connection: EngineConnection, id: AttemptId, image: string): Promise<string> {
  const options = { Image: image, Labels: labelsOf(id), Entrypoint: ['/never-started'] };
  const container = await connection.docker.createContainer(inBody(options));
  try {
    return await readFile(container, '/etc/passwd', image);
  } finally {
    await removeContainer(connection, container);
  }
}

/** A missing file is an empty text. */
async function readFile(container: Container, path: string, image: string): Promise<string> {
  let archive: Readable | undefined;
  try {
    // The library types the answer as the interface that all readable streams share.
    archive = (await container.getArchive({ path })) as Readable;
    const entries = extract();
    archive.on('error', (error) => entries.destroy(error));
    archive.pipe(entries);
    // tar-stream's streams can be iterated, but their types do not know it.
    for await (const entry of entries) {
      const content = await readLimited(entry as unknown as AsyncIterable<Uint8Array>, MAX_TEXT_BYTES);
      if (content === 'too-large') throw new UnusableImage(image, `${path} has more than ${MAX_TEXT_BYTES / 1024} KiB`);
      return content.toString('utf8');
    }
    return '';
  } catch (error) {
    if (refusalOf(error)?.status === 404) return '';
    throw error;
  } finally {
    archive?.destroy();
  }
}
