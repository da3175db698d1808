import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findCommand } from './find-command.ts';
import { type Environment, MissingPartsError, NEEDS } from './packages.ts';

const run = promisify(execFile);

/**
 * The network of one private engine. It has a bridge and addresses of its own and a handful of firewall rules that name
 * only those addresses, and dockerd itself runs with iptables off. A dockerd with iptables on empties the DOCKER chains
 * of one that already runs, and one with `--bridge none` deletes the other's docker0 (both measured).
 */
export interface EngineNetwork {
  /** Name of the bridge, at most 15 characters (IFNAMSIZ). */
  readonly bridge: string;
  /** N in 10.N.0.0/16, the addresses of everything on this engine. */
  readonly second: number;
}

/** The addresses of a private engine: all of them, the gateway of its default bridge, and those for networks made later. */
export function addresses({ second }: EngineNetwork): { all: string; gateway: string; pool: string } {
  return { all: `10.${second}.0.0/16`, gateway: `10.${second}.0.1/24`, pool: `10.${second}.128.0/17` };
}

/**
 * Picks N in 10.N.0.0/16 so that no route of this machine overlaps it. `table` is the text of /proc/net/route, `start`
 * any whole number: where to begin looking, so that two engines seldom want the same.
 */
export function chooseSecond(table: string, start: number): number {
  const taken = new Set<number>();
  for (const line of table.split('\n').slice(1)) {
    const [, destination = '', , , , , , mask = ''] = line.split(/\s+/);
    // Both are hexadecimal in host byte order, on the little-endian machines Node runs on: "0001000A" is 10.0.1.0.
    const [bits, first, second] = [Number.parseInt(mask, 16), byte(destination, 3), byte(destination, 2)];
    if (first !== 10 || bits === 0) continue;
    const size = 0x100 - byte(mask, 2); // a mask shorter than /16 spans several N
    for (let n = second; n < second + size && n < 256; n++) taken.add(n);
  }
  for (let i = 0; i < 200; i++) {
    const candidate = 50 + ((start + i) % 200);
    if (!taken.has(candidate)) return candidate;
  }
  throw new Error(
    'Every network of 10.50.0.0/16 to 10.249.0.0/16 is in use by a route of this machine. Give an engine with DOCKER_HOST.',
  );
}

function byte(hex: string, index: number): number {
  return Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
}

/**
 * The firewall rules of a private engine, as iptables arguments after the table and the verb; the first goes on top.
 * Containers reach each other on one network and the world outside; two networks of this engine do not reach each other.
 */
export function firewallRules(network: EngineNetwork): { table: string; rule: string[] }[] {
  const { all } = addresses(network);
  const ours = ['-m', 'comment', '--comment', network.bridge];
  const forward = (...rule: string[]) => ({ table: 'filter', rule: ['FORWARD', ...rule, ...ours] });
  return [
    // Bridged traffic passes here only where br_netfilter is on, which any Docker Engine turns on for the whole machine.
    forward('-s', all, '-d', all, '-m', 'physdev', '--physdev-is-bridged', '-j', 'ACCEPT'),
    forward('-s', all, '-d', all, '-j', 'DROP'),
    forward('-s', all, '-j', 'ACCEPT'),
    forward('-d', all, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'),
    { table: 'nat', rule: ['POSTROUTING', '-s', all, '!', '-d', all, ...ours, '-j', 'MASQUERADE'] },
  ];
}

/** Makes the bridge and the rules; what is already there from a killed predecessor is taken over. Needs root. */
export async function openNetwork(
  network: EngineNetwork,
  env: Environment,
  onNotice: (line: string) => void,
): Promise<void> {
  const ip = command('ip', env);
  await closeNetwork(network, env); // whatever a killed predecessor left
  await ip('link', 'add', network.bridge, 'type', 'bridge');
  await ip('addr', 'add', addresses(network).gateway, 'dev', network.bridge);
  await ip('link', 'set', network.bridge, 'up');
  const iptables = command('iptables', env);
  try {
    for (const { table, rule } of firewallRules(network).reverse())
      await iptables('-w', '10', '-t', table, '-I', ...rule);
  } catch (error) {
    onNotice(
      `The private engine's containers can not reach outside networks: iptables does not work here (${firstLine(error)}).`,
    );
  }
}

/** Removes the rules, the bridge and the bridges of the engine's networks. Needs root; what is not there is no error. */
export async function closeNetwork(network: EngineNetwork, env: Environment): Promise<void> {
  const [ip, iptables] = [command('ip', env), command('iptables', env)];
  for (const { table, rule } of firewallRules(network)) {
    while (await succeeds(iptables('-w', '10', '-t', table, '-D', ...rule))); // a crash may have left it twice
  }
  const { stdout } = await ip('-4', '-o', 'addr', 'show');
  for (const name of [network.bridge, ...bridgesOf(network, stdout)]) await succeeds(ip('link', 'del', name));
}

/** The bridges of the networks made on this engine, by their addresses. `shown` is the text of `ip -4 -o addr show`. */
export function bridgesOf(network: EngineNetwork, shown: string): string[] {
  const found = new Set<string>();
  for (const line of shown.split('\n')) {
    const [, name, address] = /^\d+:\s+(\S+)\s+inet\s+(\S+)/.exec(line) ?? [];
    const [, second, third] = (address ?? '').split('.').map(Number);
    // A network of Docker's is on a bridge br-<id>, and ours get their addresses from the upper half, see `addresses`.
    if (name?.startsWith('br-') && address?.startsWith('10.') && second === network.second && (third ?? 0) >= 128)
      found.add(name);
  }
  return [...found];
}

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/** Lets this machine forward packets, which containers need to reach outside; says whether it had to be switched on. */
export async function switchForwardingOn(): Promise<boolean> {
  if ((await readFile(FORWARDING, 'utf8')).trim() !== '0') return false;
  await writeFile(FORWARDING, '1');
  return true;
}

/** The undoing of {@link switchForwardingOn}. */
export async function switchForwardingOff(): Promise<void> {
  await writeFile(FORWARDING, '0');
}

function command(name: 'ip' | 'iptables', env: Environment): (...args: string[]) => Promise<{ stdout: string }> {
  const file = findCommand([name], env.PATH);
  if (!file) throw new MissingPartsError([NEEDS[name]], 'a private engine needs it');
  return (...args) => run(file, args, { env: { ...env } });
}

async function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return said.trim().split('\n')[0] ?? '';
}
