/** The ports of a step as Docker writes them: those to publish, and those that its container listens on. */
import { hasStandIn } from '../../task-file/secret-stand-in.ts';

/**
 * One port of a container that is to be reachable on the engine's machine; an empty `hostPort` is
 * chosen by the engine, and without `hostAddress` the worker's policy says how far it is reachable.
 */
export interface PublishedPort {
  readonly containerPort: string;
  readonly hostAddress: string | undefined;
  readonly hostPort: string;
}

/** The two lists of ports that a step has. */
export type PortList = 'ports' | 'expose';

/** How an entry of either list is written, as the end of a sentence. */
export const PORT_FORMS: Readonly<Record<PortList, string>> = {
  ports: '8080:80, 127.0.0.1:8080:80 or 80',
  expose: '8080, 8080/udp or 8080-8090',
};

const PUBLISHED = /^(?:(?:(\[[0-9a-fA-F:]+\]|[0-9.]+):)?(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i;
const EXPOSED = /^(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i;

/** Ports from one to another, both included, of one protocol; `host` is absent when the engine is to choose. */
interface PortRange {
  readonly container: Range;
  readonly host: Range | undefined;
  readonly hostAddress: string | undefined;
  readonly protocol: string;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads what `docker run --publish` takes: `[address:][hostPort:]containerPort[/protocol]`, each port also as a range.
 * Undefined when the text is none of these.
 */
export function parsePublished(text: string): readonly PublishedPort[] | undefined {
  const range = readPublished(text);
  if (range === undefined) return undefined;
  const hostPorts = range.host === undefined ? [] : expand(range.host);
  return expand(range.container).map((port, index) => ({
    containerPort: `${port}/${range.protocol}`,
    hostAddress: range.hostAddress,
    hostPort: String(hostPorts[index] ?? ''),
  }));
}

/** Reads what `docker run --expose` takes (`port[-port][/protocol]`) into `port/protocol` each; undefined when it is not that. */
export function parseExposed(text: string): readonly string[] | undefined {
  const range = readExposed(text);
  return range && expand(range.container).map((port) => `${port}/${range.protocol}`);
}

/**
 * What is wrong with an entry of a step's ports, and how it is written; undefined when nothing is, or when a secret
 * that is not known yet is in it. Ranges stay ranges: a file may have very many of them.
 */
export function portProblem(list: PortList, text: string): { message: string; hint: string } | undefined {
  const range = list === 'ports' ? readPublished(text) : readExposed(text);
  if (range !== undefined || hasStandIn(text)) return undefined;
  const message = `"${text}" is not a port${list === 'ports' ? ' to publish' : ''}`;
  return { message, hint: `Write it like ${PORT_FORMS[list]}; ports are numbers from 1 to 65535.` };
}

function readPublished(text: string): PortRange | undefined {
  const [whole, address, hostText, containerText, protocol = 'tcp'] = PUBLISHED.exec(text) ?? [];
  const container = readRange(containerText);
  const host = readRange(hostText);
  if (whole === undefined || container === undefined) return undefined;
  if (hostText !== undefined && (host === undefined || lengthOf(host) !== lengthOf(container))) return undefined;
  const hostAddress = address?.replace(/^\[|\]$/g, '');
  return { container, host, hostAddress, protocol: protocol.toLowerCase() };
}

function readExposed(text: string): PortRange | undefined {
  const [, portText, protocol = 'tcp'] = EXPOSED.exec(text) ?? [];
  const container = readRange(portText);
  return container && { container, host: undefined, hostAddress: undefined, protocol: protocol.toLowerCase() };
}

function readRange(text: string | undefined): Range | undefined {
  const [first = Number.NaN, last = first] = (text ?? '').split('-').map(Number);
  return first >= 1 && last >= first && last <= 65_535 ? { first, last } : undefined;
}

function lengthOf({ first, last }: Range): number {
  return last - first + 1;
}

function expand(range: Range): readonly number[] {
  return Array.from({ length: lengthOf(range) }, (_, index) => range.first + index);
}
