/**
 * The host in the names by which runs hold the images that they build. No registry is ever there (RFC 2606), so none of
 * these names can be pushed or pulled, and no task may give or use one: it would be another run's.
 */
export const HELD_HOST = 'slipway.invalid';

/** Whether the domain of an image is that host, in whatever letters and with whatever port. */
export function isHeldHost(domain: string): boolean {
  return domain.toLowerCase().replace(/:\d+$/, '') === HELD_HOST;
}
