/** One line of what the engine streams back from a pull, a build, an import or a load. */
interface Progress {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/**
 * Reads the engine's JSON lines to their end and rejects with the error they report: the HTTP status is 200 even when
 * the work fails. (docker-modem's own `followProgress` takes an `error` line for progress.)
 * `onLine` is called for every line, which shows that the engine is still at work.
 */
export async function finishProgress(
  stream: AsyncIterable<Buffer | string>,
  onLine: () => void = () => {},
): Promise<void> {
  let rest = '';
  let said = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      onLine();
      said = readLine(line, said);
    }
  }
  readLine(rest, said);
}

/** Returns the tail of what was said so far, to explain a later error with. */
function readLine(line: string, before: string): string {
  if (line.trim() === '') return before;
  const { stream, status, error } = parse(line);
  if (error !== undefined) throw new Error(`${error}${before ? ` (after: ${before.trim()})` : ''}`);
  return `${before}${stream ?? status ?? ''}`.slice(-500);
}

function parse(line: string): Progress {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) return {};
  const text = (name: string) => {
    const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
    return typeof found === 'string' ? { [name]: found } : {};
  };
  return { ...text('stream'), ...text('status'), ...text('error') };
}
