/** Platforms, in Docker's words. */

/** What `parsePlatforms` gives. */
export type ParsedPlatforms =
  | { readonly kind: 'valid'; readonly platforms: readonly string[] }
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string };

const PLATFORM = /^[a-z0-9]+(?:\/[a-z0-9_]+(?:\/[a-z0-9.]+)?)?$/;
const HINT = 'Write os/architecture[/variant], and commas between several: linux/amd64,linux/arm64.';

/** Reads a list such as `linux/amd64,linux/arm/v7`, each once; an os or an architecture alone is one as well. */
export function parsePlatforms(text: string): ParsedPlatforms {
  const platforms = [...new Set(text.split(',').map((part) => part.trim().toLowerCase()))];
  const wrong = platforms.find((platform) => !PLATFORM.test(platform));
  if (wrong === undefined) return { kind: 'valid', platforms };
  const reason = wrong === '' ? `"${text}" names no platform` : `"${wrong}" is not a platform`;
  return { kind: 'invalid', reason, hint: HINT };
}

/** The first of such a list: where a run is for, when its builds are for several. */
export function firstPlatform(text: string): string {
  return text.replace(/,.*$/s, '').trim();
}
