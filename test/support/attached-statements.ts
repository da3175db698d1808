import { createRegistryClient } from '../../src/adapters/registry/registry-client.ts';
import { STATEMENT_TYPE } from '../../src/core/provenance.ts';
import type { OutputImage } from '../../task-schemas/index.ts';

const never = new AbortController().signal;

/** The in-toto statements, as text, that are attached to an image at its registry. */
export async function attachedStatements(image: OutputImage | undefined): Promise<readonly string[]> {
  if (image === undefined) throw new Error('There is no image to look at.');
  const place = { registry: image.registry, path: image.repository, plainHttp: true };
  const repository = createRegistryClient().repository(place);
  const found = await repository.findReferrers(image.digest, STATEMENT_TYPE, never);
  const texts = found.map(async ({ digest }) => {
    const manifest = JSON.parse((await repository.readManifest(digest, never))?.bytes.toString() ?? '');
    const blob = await repository.readBlob(manifest.layers[0].digest, never);
    return Buffer.concat((await blob?.toArray()) ?? []).toString();
  });
  return Promise.all(texts);
}
