import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RunStatus } from '../../task-schemas/index.ts';
import type { OperatorLog } from '../ports/operator-log.ts';
import { countRuns } from '../services/count-runs.ts';
import type { ApiDeps } from './deps.ts';

/** How far back runs are counted by status, in ms. */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** What this process counts, and what it asks the stores for when it is scraped. */
export interface Metrics {
  readonly contentType: string;
  /** All metrics in Prometheus' text format. A store that does not answer is told by `slipway_store_up 0`. */
  text(): Promise<string>;
  /** One answered request; `route` is the pattern, `seconds` how long it took. */
  answered(method: string, route: string, status: number, seconds: number): void;
  /** Bytes of uploads as they come in. */
  uploaded(bytes: number): void;
}

type MetricsDeps = Pick<ApiDeps, 'runStore' | 'runQueue' | 'pool' | 'now'> & { readonly operatorLog: OperatorLog };

/** Metrics with a registry of their own, so that several servers may live in one process. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'slipway_http_request_duration_seconds',
    help: 'Time to answer requests; event streams are left out',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120],
    registers,
  });
  const uploadedBytes = new Counter({
    name: 'slipway_upload_bytes_total',
    help: 'Bytes of uploads received',
    registers,
  });
  const stored = createStoredGauges(deps, registry);

  return {
    contentType: registry.contentType,
    async text() {
      await stored.update();
      return await registry.metrics();
    },
    answered: (method, route, status, seconds) => durations.observe({ method, route, status }, seconds),
    uploaded: (bytes) => uploadedBytes.inc(bytes),
  };
}

/** What only the stores know. It is the same whichever process is asked. */
function createStoredGauges(deps: MetricsDeps, registry: Registry): { update(): Promise<void> } {
  const registers = [registry];
  const up = new Gauge({ name: 'slipway_store_up', help: '1 when the store answers', registers });
  const runs = new Gauge({
    name: 'slipway_runs',
    help: 'Runs queued within the last 24 hours by status (the newest 2000 are counted)',
    labelNames: ['status'],
    registers,
  });
  const depth = new Gauge({
    name: 'slipway_queue_jobs',
    help: 'Jobs in the queue of a pool, waiting or active',
    labelNames: ['pool', 'state'],
    registers,
  });

  async function update(): Promise<void> {
    runs.reset();
    depth.reset();
    try {
      const counts = await countRuns(deps.runStore, deps.now() - WINDOW_MS);
      for (const status of STATUSES) runs.set({ status }, counts.get(status) ?? 0);
      const { waiting, active } = await deps.runQueue.depth(deps.pool);
      depth.set({ pool: deps.pool, state: 'waiting' }, waiting);
      depth.set({ pool: deps.pool, state: 'active' }, active);
      up.set(1);
    } catch (err) {
      up.set(0);
      deps.operatorLog.error({ err }, 'the stores could not be asked for metrics');
    }
  }

  return { update };
}

const STATUSES = [
  'Queued',
  'Started',
  'Running',
  'Succeeded',
  'Failed',
  'Canceled',
  'Error',
  'Timeout',
] as const satisfies readonly RunStatus[];
