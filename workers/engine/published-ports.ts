/**
 * One port of a container that is to be reachable on the engine's machine; an empty `hostPort` is
 * chosen by the engine, and without `hostAddress` the worker's policy says how far it is reachable.
 */
export interface PublishedPort {
  readonly containerPort: string;
  readonly hostAddress: string | undefined;
  readonly hostPort: string;
}

const PUBLISHED = /^(?:(?:(\[[0-9a-fA-F:]+\]|[0-9.]+):)?(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/;
const EXPOSED = /^(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/;

/**
 * Reads what `docker run --publish` takes: `[address:][hostPort:]containerPort[/protocol]`, each port also as a range.
 * Undefined when the text is none of these.
 */
export function parsePublished(text: string): readonly PublishedPort[] | undefined {
  const match = PUBLISHED.exec(text);
  const containerPorts = expand(match?.[3]);
  if (match === null || containerPorts === undefined) return undefined;
  const hostPorts = match[2] === undefined ? containerPorts.map(() => '') : expand(match[2]);
  if (hostPorts?.length !== containerPorts.length) return undefined;
  const hostAddress = match[1]?.replace(/^\[|\]$/g, '');
  return containerPorts.map((port, index) => ({
    containerPort: `${port}/${match[4] ?? 'tcp'}`,
    hostAddress,
    hostPort: String(hostPorts[index]),
  }));
}

/** Reads what `docker run --expose` takes (`port[-port][/protocol]`) into `port/protocol` each; undefined when it is not that. */
export function parseExposed(text: string): readonly string[] | undefined {
  const match = EXPOSED.exec(text);
  return match === null ? undefined : expand(match[1])?.map((port) => `${port}/${match[2] ?? 'tcp'}`);
}

function expand(range: string | undefined): readonly number[] | undefined {
  const [first = Number.NaN, last = first] = (range ?? '').split('-').map(Number);
  if (!(first >= 1 && last >= first && last <= 65_535)) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
