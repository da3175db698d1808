import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** The names and paths of one private engine, all derived from its folder. */
export interface EnginePlaces {
  /** Eight hexadecimal digits; part of every name that the engine has outside of its folder. */
  readonly id: string;
  readonly directory: string;
  readonly dataRoot: string;
  /** Holds unix sockets, whose whole path may have 107 characters (unix(7)); hence not in the folder. */
  readonly execRoot: string;
  readonly socket: string;
}

/** Where the private engine of `folder` has its things; the same for every start in that folder. */
export function enginePlaces(folder: string): EnginePlaces {
  const directory = resolve(folder);
  const id = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  const execRoot = `/run/slipway-${id}`;
  return { id, directory, dataRoot: join(directory, 'data'), execRoot, socket: `${execRoot}/docker.sock` };
}
