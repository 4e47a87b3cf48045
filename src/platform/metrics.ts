import { Registry, collectDefaultMetrics } from 'prom-client';

/** Injection token of the Prometheus registry; a module makes its own metrics on it. Labels never carry keys or people. */
export const METRICS = Symbol('Metrics');

/** What is told of the event loop's lag is for seconds that are lost. At the library's 10 ms a process at rest is woken by nothing else. */
const LAG_PRECISION_MS = 50;

export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_PRECISION_MS });
  return registry;
}
