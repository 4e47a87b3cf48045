import { Counter, Registry, collectDefaultMetrics } from 'prom-client';

/** Injection token of the Prometheus registry; a module makes its own metrics on it. Labels never carry keys or people. */
export const METRICS = Symbol('Metrics');

/** What is told of the event loop's lag is for seconds that are lost. At the library's 10 ms a process at rest is woken by nothing else. */
const LAG_PRECISION_MS = 50;

export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_PRECISION_MS });
  return registry;
}

/**
 * A counter each of whose labels is a closed list. All of them are there from the start at 0: the first event of a series that
 * is born with it is no increase to Prometheus.
 */
export function closedCounter<Label extends string>(
  metrics: Registry,
  { name, help, labels }: ClosedCounter<Label>,
): Counter<Label> {
  const labelNames = Object.keys(labels) as Label[];
  const counter = new Counter({ name, help, labelNames, registers: [metrics] });
  for (const values of combinationsOf(labelNames.map((label) => labels[label])))
    counter.labels(...values).inc(0);
  return counter;
}

interface ClosedCounter<Label extends string> {
  readonly name: string;
  readonly help: string;
  /** Every value that each label can have. */
  readonly labels: Readonly<Record<Label, readonly string[]>>;
}

function combinationsOf(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.reduce<readonly (readonly string[])[]>(
    (combinations, list) => combinations.flatMap((each) => list.map((value) => [...each, value])),
    [[]],
  );
}
