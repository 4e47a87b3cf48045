import { Registry, collectDefaultMetrics } from 'prom-client';

/** Injection token of the Prometheus registry; a module makes its own metrics on it. Labels never carry keys or people. */
export const METRICS = Symbol('Metrics');

export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
