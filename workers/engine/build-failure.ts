import { CREDENTIALS_FILE } from './credentials.ts';

/**
 * What to do about a build that failed, told from the builder's own words (BuildKit of 20.10 and 26, and the classic
 * builder); undefined when they say all there is to say.
 * @param at what failed, as the builder names it
 */
export function cureOfBuild(message: string, at?: string): string | undefined {
  // The same words as of a base image, but of another registry.
  if (at?.startsWith('exporting cache')) return CACHE_CURE;
  return CURES.find(({ words }) => words.test(message))?.cure;
}

const CACHE_CURE = `Check the image that --cache-to names, and that the worker may push to it (${CREDENTIALS_FILE}); or add ignore-error=true to it.`;

const CURES: readonly { readonly words: RegExp; readonly cure: string }[] = [
  {
    words: /failed to do request|no such host|connection refused|i\/o timeout|TLS handshake timeout/i,
    cure: 'The engine cannot reach the registry of a base image: check its name in FROM and the network of the worker.',
  },
  {
    words: /pull access denied|repository does not exist|authorization failed|unauthorized/i,
    cure: `Check the name of the base image in FROM, and that the worker has a credential for its registry, in ${CREDENTIALS_FILE}.`,
  },
  {
    words: /exec format error/i,
    cure: 'The image is for another platform than the engine: install its emulator on the worker’s machine (qemu-user-static, registered with binfmt_misc), or leave RUN out for that platform.',
  },
  {
    words: /no match for platform|does not match the specified platform/i,
    cure: 'The base image is not there for this platform: leave --platform out, or choose a base image that has it.',
  },
  {
    words: /target stage .* could not be found|failed to reach build target/i,
    cure: 'Name a stage that a "FROM … AS name" of the Dockerfile declares with --target.',
  },
  {
    words: /unknown instruction|dockerfile parse error|file with no instructions/i,
    cure: 'Correct the Dockerfile at the line that is named.',
  },
  {
    words: /failed to (compute cache key|calculate checksum).*not found|COPY failed|ADD failed|lstat .*: no such file/i,
    cure: 'Check the path, which is relative to the context, and that .dockerignore does not leave the file out.',
  },
];
