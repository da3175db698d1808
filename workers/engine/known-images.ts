import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';

/** Which images the engine has, asked once per attempt: what a step has used, the next one finds there too. */
export interface KnownImages {
  /** Whether the engine has it; only a "yes" is remembered. */
  has(image: string): Promise<boolean>;
  /** It was pulled. */
  add(image: string): void;
  /** It was there and is gone: somebody has removed it. */
  forget(image: string): void;
}

/** Remembers images of one engine. */
export function createKnownImages({ docker }: EngineConnection): KnownImages {
  const known = new Set<string>();
  return {
    async has(image) {
      if (known.has(image)) return true;
      try {
        await docker.getImage(image).inspect();
      } catch (error) {
        if (refusalOf(error)?.status === 404) return false;
        throw error;
      }
      known.add(image);
      return true;
    },
    add: (image) => void known.add(image),
    forget: (image) => void known.delete(image),
  };
}
