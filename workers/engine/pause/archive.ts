import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { pauseProgram } from './program.ts';

/** The name of the image that is nothing but the program. */
export const PAUSE_IMAGE = 'slipway/pause:1';

/** An image as `docker save` writes it. */
export interface PauseArchive {
  readonly tar: Buffer;
  /** The digest of its only layer, uncompressed: by it one can tell whether an image is this one. */
  readonly layer: string;
}

/**
 * Packs the image for an architecture; undefined when there is no program for it. It is the same to the last bit each
 * time, so loading it again changes nothing and leaves no image without a name behind.
 */
export async function packPauseImage(architecture: string): Promise<PauseArchive | undefined> {
  const program = pauseProgram(architecture);
  if (program === undefined) return undefined;
  const layerTar = await tarOf({ pause: program }, 0o755);
  const layer = digestOf(layerTar);
  const config = Buffer.from(JSON.stringify(configOf(architecture, layer)));
  const configName = `${digestOf(config).slice('sha256:'.length)}.json`;
  const manifest = [{ Config: configName, RepoTags: [PAUSE_IMAGE], Layers: ['layer.tar'] }];
  const files = {
    'layer.tar': layerTar,
    [configName]: config,
    'manifest.json': Buffer.from(JSON.stringify(manifest)),
  };
  return { tar: await tarOf(files, 0o644), layer };
}

function configOf(architecture: string, layer: string) {
  const created = new Date(0).toISOString();
  return {
    architecture,
    os: 'linux',
    created,
    config: { Entrypoint: ['/pause'], Labels: { 'slipway.image': 'pause' } },
    rootfs: { type: 'layers', diff_ids: [layer] },
    history: [{ created, created_by: 'Slipway: holds the network namespace of a run' }],
  };
}

async function tarOf(files: Readonly<Record<string, Buffer>>, mode: number): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mode, mtime: new Date(0) }, content);
  tar.finalize();
  // tar-stream's streams can be iterated, but their types do not know it.
  return buffer(tar as unknown as AsyncIterable<Uint8Array>);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
