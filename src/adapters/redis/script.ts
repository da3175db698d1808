import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script: all it does happens in one atomic step. Every key it touches must be among `keys`. */
export type Script = (client: Redis, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** A script that is sent by its hash, and in full only when Redis does not know it (yet, or after a restart). */
export function defineScript(lua: string): Script {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (client, keys, args) => {
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(lua, keys.length, ...keys, ...args);
    }
  };
}

/**
 * Lua functions by which a script recognises a write that it has done already. When the connection breaks before the
 * answer, ioredis sends the command again; done twice, it would count a lost worker that was not lost or double lines of
 * a log. So every write carries a token that no other write has, and a hash keeps the latest ones, newest first, in the
 * form `,t3,t2,t1,` (cut at 300 characters, 20 writes or more; a cut token has no comma after it and matches nothing).
 */
export const REPEATED_WRITES = `
local function isRepeated(writes, token)
  return string.find(writes, ',' .. token .. ',', 1, true) ~= nil
end
local function withWrite(writes, token)
  if writes == '' then writes = ',' end
  return string.sub(',' .. token .. writes, 1, 300)
end
`;
