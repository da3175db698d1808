import { connectEngine } from '../../../workers/engine/connection.ts';
import { readFacts } from '../../../workers/engine/engine-facts.ts';
import { realParts } from '../../support/real-parts.ts';

const connection = connectEngine(realParts().dockerHost);
const { imageStore } = readFacts(await connection.docker.info());
connection.close();

/** Why a test that needs the containerd image store is skipped, or false. */
export const needsContainerd = imageStore === 'containerd' ? false : 'the engine has no containerd image store';

/** The same for the store of graphdrivers. */
export const needsGraphdriver = imageStore === 'graphdriver' ? false : 'the engine has the containerd image store';
