import type { EngineMessage } from './json-stream.ts';

/** Adds up the layers of a pull or push from the engine's messages. */
export interface TransferProgress {
  see(message: EngineMessage): void;
  /** For example `3 of 5 layers, 12.0 of 48.5 MB`. */
  summary(): string;
}

const DONE = /^(Pull complete|Pushed|Already exists|Layer already exists|Mounted from)/;

/** Starts with no layer seen. */
export function createTransferProgress(): TransferProgress {
  const layers = new Map<string, { current: number; total: number; done: boolean; status: string }>();
  return {
    see({ id, status, progress }) {
      if (id === undefined || status === undefined || /^Pulling from/.test(status)) return;
      const layer = layers.get(id) ?? { current: 0, total: 0, done: false, status };
      layer.status = status;
      // Unpacking counts from zero again: only the way over the network is shown.
      if (progress !== undefined && /^(Downloading|Pushing)/.test(status)) Object.assign(layer, progress);
      if (DONE.test(status)) Object.assign(layer, { current: layer.total, done: true });
      layers.set(id, layer);
    },
    summary() {
      const all = [...layers.values()];
      const sum = (field: 'current' | 'total') => all.reduce((bytes, layer) => bytes + layer[field], 0);
      const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
      const done = all.filter((layer) => layer.done).length;
      // The engine tries a layer again by itself, several times and for a minute: silence would look like a standstill.
      const again = all.some((layer) => /^Retrying/.test(layer.status)) ? ', trying again what failed' : '';
      return `${done} of ${all.length} layers, ${megabytes(sum('current'))} of ${megabytes(sum('total'))} MB${again}`;
    },
  };
}
