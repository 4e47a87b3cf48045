import { Inject, Injectable } from '@nestjs/common';
import { Histogram, type Registry } from 'prom-client';
import type { Clock } from '../../kernel';
import { CLOCK, METRICS, SETTINGS, type Settings } from '../../platform';
import { LatencyWindow } from '../domain/deadline-budget';

/** How long QI has lately taken to answer a proposal. */
@Injectable()
export class QiLatency {
  readonly #window: LatencyWindow;
  readonly #histogram: Histogram;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
    @Inject(METRICS) metrics: Registry,
  ) {
    const { initial_latency_ms, latency_percentile } = settings.engine.auction;
    this.#window = new LatencyWindow(initial_latency_ms, latency_percentile);
    this.#histogram = new Histogram({
      name: 'arremate_qi_proposal_seconds',
      help: 'Round trips of proposals that QI answered',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [metrics],
    });
  }

  add(ms: number): void {
    this.#window.add(ms, this.clock.monotonicMs());
    this.#histogram.observe(ms / 1000);
  }

  expectedMs(): number {
    return this.#window.expectedMs(this.clock.monotonicMs());
  }
}
