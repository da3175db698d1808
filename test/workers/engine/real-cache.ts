import { connectEngine } from '../../../workers/engine/connection.ts';
import { realParts } from '../../support/real-parts.ts';

/**
 * Makes the engine of the tests like one of another worker, as far as these images go: they are removed, and with them
 * all layers that its builder keeps.
 */
export async function forgetLayers(images: readonly string[]): Promise<void> {
  const connection = connectEngine(realParts().dockerHost);
  try {
    for (const image of images) await connection.docker.getImage(image).remove({ force: true });
    const prune = { method: 'POST', path: '/build/prune', query: { all: 'true' } } as const;
    for await (const _ of await connection.stream(prune));
  } finally {
    connection.close();
  }
}

/** The labels of an image on the engine of the tests. */
export async function labelsOfImage(image: string): Promise<Readonly<Record<string, string>>> {
  const connection = connectEngine(realParts().dockerHost);
  try {
    return (await connection.docker.getImage(image).inspect()).Config.Labels ?? {};
  } finally {
    connection.close();
  }
}
