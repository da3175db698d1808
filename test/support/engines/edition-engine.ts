import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { engineClient } from '../../../src/embedded/engine-client.ts';
import type { Environment } from '../../../src/embedded/packages.ts';
import { type PrivateEngine, startPrivateEngine } from '../../../src/embedded/private-engine.ts';
import type { EngineEdition } from './editions.ts';

/** How to start one edition. */
export interface EditionOptions {
  readonly edition: EngineEdition;
  /** Where its packages are unpacked. */
  readonly programs: string;
  /** Its own folder. */
  readonly directory: string;
  readonly env: Environment;
  readonly onNotice: (line: string) => void;
}

/** A private engine of one edition that answers. */
export interface EditionEngine extends PrivateEngine {
  /** As the engine itself names it, like "overlay2". */
  readonly storageDriver: string;
}

/** Starts a private engine out of unpacked packages, and makes sure that it is the one that was wanted. Root on Linux only. */
export async function startEdition(options: EditionOptions, signal: AbortSignal): Promise<EditionEngine> {
  const { edition, programs, directory, env, onNotice } = options;
  const own = { directory, env: environmentOf(programs, env), onNotice };
  const engine = await startPrivateEngine({ ...own, ownContainerd: { imageStore: edition.imageStore } }, signal);
  try {
    const { Driver, DriverStatus } = await engineClient(engine.dockerHost).info();
    const store = JSON.stringify(DriverStatus).includes('io.containerd.snapshotter') ? 'containerd' : 'graphdriver';
    if (!engine.facts.version.startsWith(edition.version) || store !== edition.imageStore) {
      throw new Error(
        `The engine that started is ${engine.facts.version} with the ${store} image store, and ` +
          `${edition.version}x with the ${edition.imageStore} store was wanted. Remove the folder ${programs} and try again.`,
      );
    }
    return { ...engine, storageDriver: Driver };
  } catch (error) {
    await engine.close().catch(() => {}); // the first error is the one worth telling
    throw error;
  }
}

/** The programs and shared libraries of the packages come before the system's own. */
function environmentOf(programs: string, env: Environment): Environment {
  const path = [join(programs, 'usr/sbin'), join(programs, 'usr/bin'), env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin'];
  const roots = ['lib', 'usr/lib'].map((folder) => join(programs, folder)).filter((folder) => existsSync(folder));
  const libraries = roots.flatMap((root) => {
    const names = readdirSync(root).filter((name) => name.includes('-linux-gnu')); // Debian's folder for one architecture
    return names.map((name) => join(root, name));
  });
  if (env.LD_LIBRARY_PATH) libraries.push(env.LD_LIBRARY_PATH);
  return { ...env, PATH: path.join(':'), ...(libraries.length > 0 && { LD_LIBRARY_PATH: libraries.join(':') }) };
}
