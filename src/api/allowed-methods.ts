/** Which methods the routes take, to tell a wrong method (405) from a wrong path (404). */
export interface AllowedMethods {
  /** Notes a route; `pattern` is the path with `:name` for one part and `*` for any rest. */
  add(method: string | readonly string[], pattern: string): void;
  /** The methods that the path takes; empty when there is no such path. */
  of(path: string): readonly string[];
}

/** A table to be filled while routes are registered. */
export function createAllowedMethods(): AllowedMethods {
  const routes: { readonly methods: readonly string[]; readonly path: RegExp }[] = [];
  return {
    add(method, pattern) {
      routes.push({ methods: typeof method === 'string' ? [method] : method, path: pathOf(pattern) });
    },
    of(path) {
      const methods = routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods);
      return [...new Set(methods)].sort();
    },
  };
}

function pathOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace('*', '.*');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
