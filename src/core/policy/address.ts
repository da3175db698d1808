/**
 * Which addresses a worker may contact for whoever wrote a task: those of the public internet. Behind all others lie
 * things that trust the worker because of where it stands: its own services, its network, the metadata of its cloud.
 */
import { addressBytes } from './address-bytes.ts';

/** What an address is when it must not be contacted, as the end of a sentence; undefined: it may be. */
export function addressProblem(address: string): string | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return 'no address';
  return bytes.length === 4 ? problemOfIpv4(bytes) : problemOfIpv6(bytes);
}

/**
 * What an address is when nobody may contact it, not even for a source in a private network: it leads to what clouds tell
 * their machines, keys among it. Undefined: it may be.
 */
export function metadataProblem(address: string): string | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return 'no address';
  const v4 = bytes.length === 4 ? bytes : embeddedIpv4(bytes);
  return v4 === undefined ? problemOf(bytes, METADATA_IPV6) : problemOf(v4, METADATA_IPV4);
}

/** The first bits of the addresses of a range, and what they are. */
type Range = readonly [prefix: string, bits: number, what: string];

const PRIVATE = 'an address of a private network';
const LINK_LOCAL = "an address of the worker's own link, where clouds keep their metadata";
const RESERVED = 'a reserved address';
const MULTICAST = 'a multicast address';

const IPV4: readonly Range[] = [
  ['0.0.0.0', 8, 'the unspecified address'],
  ['10.0.0.0', 8, PRIVATE],
  ['100.64.0.0', 10, "an address behind a carrier's NAT"],
  ['127.0.0.0', 8, 'the worker itself'],
  // The one public address that only answers from inside: what Azure tells its machines.
  ['168.63.129.16', 32, 'the platform of the cloud'],
  ['169.254.0.0', 16, LINK_LOCAL],
  ['172.16.0.0', 12, PRIVATE],
  ['192.0.0.0', 24, RESERVED],
  ['192.0.2.0', 24, RESERVED],
  ['192.88.99.0', 24, RESERVED],
  ['192.168.0.0', 16, PRIVATE],
  ['198.18.0.0', 15, RESERVED],
  ['198.51.100.0', 24, RESERVED],
  ['203.0.113.0', 24, RESERVED],
  ['224.0.0.0', 4, MULTICAST],
  ['240.0.0.0', 4, RESERVED],
];

const METADATA_IPV4: readonly Range[] = [
  ['168.63.129.16', 32, 'the platform of the cloud'],
  ['169.254.0.0', 16, LINK_LOCAL],
];

const METADATA_IPV6: readonly Range[] = [
  ['fe80::', 10, LINK_LOCAL],
  // Where Amazon's machines find theirs.
  ['fd00:ec2::', 32, 'the platform of the cloud'],
];

const IPV6: readonly Range[] = [
  ['::', 128, 'the unspecified address'],
  ['::1', 128, 'the worker itself'],
  ['fc00::', 7, PRIVATE],
  ['64:ff9b:1::', 48, PRIVATE],
  ['fe80::', 10, LINK_LOCAL],
  ['fec0::', 10, PRIVATE],
  ['ff00::', 8, MULTICAST],
  // Protocols of their own, among them Teredo, which hides an IPv4 address.
  ['2001::', 23, RESERVED],
  ['2001:db8::', 32, RESERVED],
  ['3fff::', 20, RESERVED],
];

/** Ranges whose addresses stand for an IPv4 address, and the byte at which it begins. */
const EMBEDDING: readonly (readonly [prefix: string, bits: number, at: number])[] = [
  ['::ffff:0:0', 96, 12],
  ['64:ff9b::', 96, 12],
  ['2002::', 16, 2],
];

function problemOfIpv4(bytes: Uint8Array): string | undefined {
  return problemOf(bytes, IPV4);
}

function embeddedIpv4(bytes: Uint8Array): Uint8Array | undefined {
  const found = EMBEDDING.find(([prefix, bits]) => isWithin(bytes, prefix, bits));
  return found === undefined ? undefined : bytes.subarray(found[2], found[2] + 4);
}

function problemOfIpv6(bytes: Uint8Array): string | undefined {
  const v4 = embeddedIpv4(bytes);
  if (v4 !== undefined) return problemOfIpv4(v4);
  // Whatever is not given out to the internet yet (all but 2000::/3) is none of a task's business.
  return problemOf(bytes, IPV6) ?? (isWithin(bytes, '2000::', 3) ? undefined : RESERVED);
}

function problemOf(bytes: Uint8Array, ranges: readonly Range[]): string | undefined {
  return ranges.find(([prefix, bits]) => isWithin(bytes, prefix, bits))?.[2];
}

function isWithin(bytes: Uint8Array, prefix: string, bits: number): boolean {
  const wanted = addressBytes(prefix) ?? bytes;
  for (let at = 0, left = bits; left > 0; at++, left -= 8) {
    const shift = Math.max(0, 8 - left);
    if ((bytes[at] ?? 0) >> shift !== (wanted[at] ?? 0) >> shift) return false;
  }
  return true;
}
